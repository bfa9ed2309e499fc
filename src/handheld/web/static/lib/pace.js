// How often something is drawn: at once, and then as often as leaves the page free for whoever uses it.

/** Of the time that passes so much at most goes into drawing: one part of so many. */
const PART = 30;
/** However fast a machine is, nobody reads faster than this; however slow, this long it takes at most. */
const LEAST_MS = 200;
const MOST_MS = 2000;

/**
 * Takes what comes often, and draws the newest. What comes after a pause is drawn at once.
 * @template T
 * @param {(newest: T) => void} draw
 * @returns {{take: (value: T) => void, forget: () => void}} `forget`: what has not been drawn is not drawn any more
 */
export function paced(draw) {
  /** @type {{value: T} | null} */
  let waiting = null;
  let timer = 0;
  let free = 0;
  const run = () => {
    timer = 0;
    if (!waiting) return;
    const { value } = waiting;
    waiting = null;
    const begun = performance.now();
    free = begun + LEAST_MS;
    draw(value);
    painted(begun, (cost) => {
      free = begun + Math.min(MOST_MS, Math.max(LEAST_MS, cost * PART));
    });
  };
  return {
    take(value) {
      waiting = { value };
      if (!timer) timer = setTimeout(run, Math.max(0, free - performance.now()));
    },
    forget() {
      waiting = null;
    },
  };
}

/**
 * How many milliseconds a drawing takes that has just been asked for: the scripts', and the browser's own part of it.
 * @param {number} begun @param {(cost: number) => void} tell
 */
function painted(begun, tell) {
  setTimeout(() => {
    const scripts = performance.now() - begun;
    if (document.hidden) return tell(scripts);
    requestAnimationFrame((frame) => {
      const first = Math.max(frame, performance.now());
      const after = new MessageChannel();
      after.port1.onmessage = () => {
        after.port1.close();
        tell(scripts + performance.now() - first);
      };
      after.port2.postMessage(null);
    });
    return undefined;
  });
}
