/** What survives a reload of the page: the session's token, what could not be sent yet, and an open emergency.
 *
 * It lives in this tab's session storage only and is gone when the tab is closed; the conversation stays on the server.
 */
const PREFIX = "intake-chat:";

export function recall<T>(name: string, otherwise: T): T {
  try {
    return (JSON.parse(sessionStorage.getItem(PREFIX + name) ?? "null") as T | null) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // No storage in this browser: then it holds for this page only.
  }
}

export function forget(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}
