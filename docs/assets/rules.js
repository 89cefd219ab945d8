/* The filter above the list of rules: a row stays if it, its rule's group included, holds every word. */
const field = document.getElementById("rule-filter")
if (field) {
  field.hidden = false
  const groups = [...document.querySelectorAll(".md-typeset h2")].map(heading => {
    let table = heading.nextElementSibling
    while (table && !table.querySelector("table") && table.tagName !== "TABLE") table = table.nextElementSibling
    return { heading, table, rows: table ? [...table.querySelectorAll("tbody tr")] : [] }
  })
  const filter = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
    for (const { heading, table, rows } of groups) {
      for (const row of rows) {
        const text = (heading.id + " " + row.textContent).toLowerCase()
        row.hidden = !words.every(word => text.includes(word))
      }
      heading.hidden = rows.every(row => row.hidden)
      if (table) table.hidden = heading.hidden
    }
  }
  field.addEventListener("input", filter)
  filter()
}
