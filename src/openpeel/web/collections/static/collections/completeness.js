// The table of completeness refreshes by itself: the same page is fetched again, and the table in it takes the place of
// the one that is shown. Only the summary is read out, and only when it says something else. Without this script the
// page is loaded again by hand.
const shown = document.getElementById('completeness')
const summary = document.getElementById('completeness-summary')

async function refresh () {
  if (document.hidden || shown.contains(document.activeElement)) return // somebody is reading a cell
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => null)
  if (!answer || !answer.ok || answer.redirected) {
    say('This is not up to date: load the page again.')
    return
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const next = page.getElementById('completeness')
  if (!next) return
  const scroller = () => shown.querySelector('.openpeel-matrix-wide')
  const [left, top] = [scroller()?.scrollLeft ?? 0, scroller()?.scrollTop ?? 0]
  shown.replaceChildren(...next.childNodes)
  scroller()?.scrollTo(left, top)
  say(page.getElementById('completeness-summary').textContent)
}

function say (text) {
  if (summary.textContent !== text) summary.textContent = text
}

if (shown && summary) setInterval(refresh, Number(shown.dataset.live) * 1000)
