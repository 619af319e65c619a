// A file that the server would refuse is refused before it is sent; the rest shows how far it is.
import { each, sentence } from "./page.js";

const FILES = "input[type=file][data-max-bytes], input[type=file][data-accept-types]";
const UNITS = ["B", "kB", "MB", "GB"];

function size(bytes) {
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1000)), UNITS.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${UNITS[power]}`;
}

/** Types are told like in `accept`: .pdf, image/*, application/pdf. */
function isAccepted(file, types) {
  const wanted = types.split(",").map((type) => type.trim().toLowerCase()).filter(Boolean);
  const name = file.name.toLowerCase();
  return !wanted.length || wanted.some((type) => {
    if (type.startsWith(".")) return name.endsWith(type);
    return type.endsWith("/*") ? file.type.startsWith(type.slice(0, -1)) : file.type === type;
  });
}

/** What is wrong with a file, "" when nothing. */
function fault(file, { maxBytes, acceptTypes = "", tooLarge, wrongType }) {
  const told = { name: file.name, size: size(file.size), max: size(Number(maxBytes)), types: acceptTypes };
  if (!isAccepted(file, acceptTypes)) return sentence(wrongType, told);
  return maxBytes && file.size > Number(maxBytes) ? sentence(tooLarge, told) : "";
}

function check(input) {
  const message = [...input.files].map((file) => fault(file, input.dataset)).filter(Boolean).join(" ");
  input.setCustomValidity(message);
  if (message) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  const field = input.closest(".field, [data-field]");
  field?.classList.toggle("field-wrong", Boolean(message));
  const place = field?.querySelector("[data-field-error]");
  if (place) place.textContent = message;
}

document.addEventListener("change", ({ target }) => {
  if (target.matches(FILES)) check(target);
});
/** Forms that check themselves (novalidate) are stopped here. */
document.addEventListener(
  "submit",
  (event) => {
    const wrong = [...event.target.elements].find((each) => each.matches(FILES) && each.validationMessage);
    if (!wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wrong.focus();
  },
  true,
);

// -- dropping ------------------------------------------------------------------------------------

each("[data-drop]", (zone) => {
  const over = (is) => (event) => {
    event.preventDefault();
    zone.classList.toggle("is-over", is);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    give(zone.querySelector("input[type=file]"), event.dataTransfer.files);
  });
});

function give(input, files) {
  if (!input || !files.length) return;
  const taken = new DataTransfer();
  for (const file of input.multiple ? files : [files[0]]) taken.items.add(file);
  input.files = taken.files;
  for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
}

/** A file that misses the zone must not replace the page. */
for (const name of ["dragover", "drop"]) {
  window.addEventListener(name, (event) => {
    if (document.querySelector("[data-drop]") && event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}

// -- progress ------------------------------------------------------------------------------------

const bar = (event) => event.target.querySelector?.("progress[data-upload-progress]");

document.addEventListener("htmx:xhr:progress", (event) => {
  const progress = bar(event);
  const { lengthComputable, loaded, total } = event.detail;
  if (!progress || !lengthComputable) return;
  progress.hidden = false;
  // the answer's own progress comes by the same event, and would begin anew
  progress.value = Math.max(progress.value, progress.max * (loaded / total));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const progress = bar(event);
  if (progress) Object.assign(progress, { hidden: true, value: 0 });
});
