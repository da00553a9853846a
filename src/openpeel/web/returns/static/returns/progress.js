// While a return is checked the page says how far it is; when it is done it is loaded anew. Without this it refreshes.
const section = document.querySelector('[data-progress]')

async function look () {
  let found
  try {
    found = await (await fetch(section.dataset.progress, { headers: { Accept: 'application/json' } })).json()
  } catch {
    return // the service is away for a moment: asked again
  }
  if (!found.waits) {
    clearInterval(asking)
    location.reload()
    return
  }
  section.querySelector('progress').value = found.progress
  section.querySelector('[role=status]').textContent = `${found.state}: ${found.progress}%`
}

const asking = section && setInterval(look, 2000)
