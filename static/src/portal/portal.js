/** What the slim pages of customers do by themselves; all else works without it. */

function copy(button) {
    const told = document.getElementById("told");
    navigator.clipboard.writeText(button.dataset.copy).then(() => {
        told.textContent = "";
        told.textContent = document.getElementById("copied").textContent;
    });
}

for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => copy(button));
}

for (const input of document.querySelectorAll("[data-chooses]")) {
    const choice = document.getElementById(input.dataset.chooses);
    input.addEventListener("input", () => {
        choice.checked = true;
    });
}

// A second click would ask for a second payment before the first page is there.
for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", () => {
        for (const button of form.querySelectorAll("button[type=submit]")) {
            button.setAttribute("aria-disabled", "true");
            button.disabled = true;
        }
    });
}

// Whoever comes back with the browser's own button may choose again.
window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form[data-once] button[type=submit]")) {
        button.removeAttribute("aria-disabled");
        button.disabled = false;
    }
});

// A bank answers within seconds: look again until it did.
if (document.querySelector("[data-reload]")) {
    setTimeout(() => window.location.reload(), 2500);
}
