/* The list where scripts run: a choice of the filter shows what it finds without a reload, and the
   list's address can be copied. Without this file the same is there by the form's own buttons. */
"use strict";

// What an address decides besides the form, which stays as it is: with its focus and what is open.
const SHOWN = [".site", ".notice--past", ".switch", "#results", ".site-foot"];
const form = document.querySelector("form.filter");
const spoken = document.createElement("p");
// The query this page was asked for: someone quick may have gone back before this line runs.
let shown = new URL(performance.getEntriesByType("navigation")[0].name).search;
let asking = new AbortController();

function addressOf(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value) query.append(name, value);
  }
  return `${form.action}?${query}`;
}

async function show(address) {
  asking.abort();
  asking = new AbortController();
  document.querySelector("#results").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    history.pushState(null, "", address);
    shown = location.search;
    exchange(page);
  } catch (error) {
    // The browser asks again and says itself what is wrong.
    if (error.name !== "AbortError") location.assign(address);
  }
}

function exchange(page) {
  for (const selector of SHOWN) {
    const here = document.querySelector(selector);
    const there = page.querySelector(selector);
    if (here && there) here.replaceWith(there);
  }
  for (const label of page.querySelectorAll(".boxes label")) {
    const { name, value } = label.querySelector("input");
    const own = form.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`);
    if (!own) continue;
    own.closest("label").className = label.className;
    own.closest("label").querySelector(".boxes__count").textContent =
      label.querySelector(".boxes__count").textContent;
  }
  const count = document.querySelector(".count");
  // Only the one that was there before is read out.
  count.removeAttribute("role");
  say(count.textContent);
  offerToCopy();
}

function say(words) {
  spoken.textContent = words.replace(/\s+/g, " ").trim();
}

function offerToCopy() {
  document.querySelector(".copy").hidden = !navigator.clipboard;
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(location.href);
  } catch {
    // The reader's browser does not allow it; the address is still where it always is.
    button.hidden = true;
    return;
  }
  button.textContent = button.dataset.done;
  say(button.dataset.done);
}

spoken.className = "unseen";
spoken.setAttribute("role", "status");
document.querySelector("main").append(spoken);
offerToCopy();

// A day is typed figure by figure, each of them a change, and another past day is another page: the
// fields of days and the search wait for their button.
form.addEventListener("change", (event) => {
  if (event.target.matches("[type=checkbox], select")) show(addressOf(form));
});
document.addEventListener("click", (event) => {
  const button = event.target.closest(".copy");
  if (button) copy(button);
});
// Back and forward: the server knows what stood there. A jump within the page is no other list.
function catchUp() {
  if (location.search !== shown) location.reload();
}

window.addEventListener("popstate", catchUp);
catchUp();
