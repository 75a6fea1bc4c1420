// Two buttons that put the answer, or the address of its pattern, on the clipboard. What is copied comes as
// data and is never read as HTML.
const SAID = 2000; // milliseconds for which a button says that it is done

async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages that are not served over https, from another machine, have no clipboard.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

function button(label, done, text) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.onclick = async () => {
    await put(text());
    made.textContent = done;
    setTimeout(() => { made.textContent = label; }, SAID);
  };
  return made;
}

export default function (component) {
  const { data, parentElement } = component;
  const row = document.createElement("div");
  row.className = "row";
  row.append(button("Copy", "Copied", () => data.text));
  if (data.link) {
    row.append(button("Copy link", "Link copied", () => new URL(data.link, document.baseURI).href));
  }
  parentElement.querySelector(".row")?.remove();
  parentElement.append(row);
}
