// A WebSocket that comes back by itself: after 0.3 s, then slower up to 8 s, at once when the page is looked at again.

export type SocketState = "connecting" | "open" | "lost" | "refused";

export interface LiveSocket {
  send(message: object): void;
  close(): void;
}

interface Listener {
  onMessage(message: unknown): void;
  onState(state: SocketState, code?: number): void;
}

/** Codes with which the server says no for good: not logged in, right taken away, no such stack. */
const FINAL_CODES = new Set([4401, 4403, 4404]);

export function openSocket(path: string, { onMessage, onState }: Listener): LiveSocket {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let closed = false;

  const connect = () => {
    clearTimeout(timer);
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    onState("connecting");
    socket = new WebSocket(`${scheme}://${window.location.host}${path}`);
    socket.onopen = () => {
      attempts = 0;
      onState("open");
    };
    socket.onmessage = (event) => onMessage(JSON.parse(event.data as string));
    socket.onclose = (event) => {
      if (closed) return;
      if (FINAL_CODES.has(event.code)) {
        onState("refused", event.code);
        return;
      }
      onState("lost");
      timer = setTimeout(connect, Math.min(8000, 300 * 2 ** attempts++));
    };
  };

  const onVisible = () => {
    if (document.visibilityState === "visible" && socket?.readyState === WebSocket.CLOSED && !closed)
      connect();
  };
  document.addEventListener("visibilitychange", onVisible);
  connect();

  return {
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close() {
      closed = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
      socket?.close();
    },
  };
}
