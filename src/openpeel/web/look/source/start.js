// Pages work without this; with it, tabs, counters and menus are easier to use.
import { initAll } from './govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
