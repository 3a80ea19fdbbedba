// Looking again and again, for as long as somebody can see what comes of it.

/** Runs something every so many milliseconds while the window can be seen, and at once when it is seen again; gives back
 *  what ends it. */
export function whileSeen(everyMs: number, run: () => void): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const fit = () => {
    clearInterval(timer);
    timer = document.hidden ? undefined : setInterval(run, everyMs);
  };
  const turned = () => {
    fit();
    if (!document.hidden) run();
  };
  fit();
  document.addEventListener('visibilitychange', turned);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', turned);
  };
}
