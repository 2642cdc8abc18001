// Taking a text along: to the clipboard, or as a file, byte for byte.

/** True when the browser has it. Without https it has no clipboard of its own: then a hidden field is copied. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.style.position = "fixed";
    field.style.opacity = "0";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

export function downloadText(path: string, text: string): void {
  const body = new Blob([text], { type: "text/plain;charset=utf-8" });
  downloadBlob(path.slice(path.lastIndexOf("/") + 1), body);
}

export function downloadBlob(name: string, body: Blob): void {
  const url = URL.createObjectURL(body);
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
