// The tap on the shoulder: two quiet notes for an eye, three rising ones for a hand. Made here, so that no file has to be
// kept; the system's default output, since recordings sound elsewhere and must not be cut by it.
import type { Severity } from './host/host';

const NOTES: Record<Severity, number[]> = { warn: [660, 660], bad: [660, 880, 1109] };
const NOTE_SECS = 0.13;
const LOUD = 0.16;

let context: AudioContext | undefined;

export function chime(severity: Severity): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    const begins = context.currentTime + 0.02;
    NOTES[severity].forEach((hertz, index) => {
      if (!context) return;
      const [tone, loudness] = [context.createOscillator(), context.createGain()];
      const at = begins + index * NOTE_SECS * 1.25;
      tone.type = 'sine';
      tone.frequency.value = hertz;
      loudness.gain.setValueAtTime(0, at);
      loudness.gain.linearRampToValueAtTime(LOUD, at + 0.01);
      loudness.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECS);
      tone.connect(loudness).connect(context.destination);
      tone.start(at);
      tone.stop(at + NOTE_SECS);
    });
  } catch {
    // A computer without sound still shows the alert.
  }
}
