// Add what needs a script: copying. Everything else on the pages works without it.
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
    button.textContent = "Copied";
  });
}

// Move the day with a slider over the days of the rosters on file.
const slider = document.querySelector(".slider");
if (slider) {
  const days = slider.dataset.days.split(" ").filter(Boolean);
  const names = slider.dataset.names.split("|");
  const input = slider.querySelector("input");
  const output = slider.querySelector("output");
  if (days.length > 1) {
    input.max = days.length - 1;
    input.value = days.filter((day) => day <= slider.dataset.day).length - 1;
    output.textContent = names[input.value] ?? "";
    input.setAttribute("aria-valuetext", output.textContent);
    slider.hidden = false;
    input.addEventListener("input", () => { output.textContent = names[input.value]; input.setAttribute("aria-valuetext", names[input.value]); });
    input.addEventListener("change", () => {
      const address = new URL(window.location.href);
      address.searchParams.set("as_of", days[input.value]);
      window.location.assign(address);
    });
  }
}
