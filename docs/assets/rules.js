/* The filter above the list of rules: a row stays if it, or the name of its group, holds every word. */
const field = document.getElementById("rule-filter")
if (field) {
  field.hidden = false
  const groups = [...document.querySelectorAll("#rule-filter-list table")].map(table => {
    let heading = table
    while (heading.tagName !== "H2") heading = heading.previousElementSibling || heading.parentElement
    return { heading, table, rows: [...table.querySelectorAll("tbody tr")] }
  })
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
    for (const { heading, table, rows } of groups) {
      for (const row of rows) {
        const text = (heading.id + " " + row.textContent).toLowerCase()
        row.hidden = !words.every(word => text.includes(word))
      }
      heading.hidden = rows.every(row => row.hidden)
      const box = table.closest(".md-typeset__scrollwrap") || table // the theme wraps tables
      box.hidden = heading.hidden
    }
  })
}
