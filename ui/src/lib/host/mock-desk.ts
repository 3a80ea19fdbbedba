// Who is signed in, what was chosen and what is kept, in a program that is not there: in memory, for as long as the page
// is open.
import { session, settings, webhook } from '../testing';
import type {
  Diagnostics,
  Extent,
  HistoryRoom,
  Language,
  ServerHint,
  SessionState,
  Settings,
  SettingsFound,
  Theme,
  WebhookState,
} from './host';

const LANGUAGES: Language[] = ['en', 'es', 'pt-BR'];
const THEMES: Theme[] = ['system', 'light', 'dark'];

/** A value that whoever watches it is told of, now and at every change. */
class Watched<T> {
  #watchers: ((value: T) => void)[] = [];

  constructor(private kept: T) {}

  get value(): T {
    return this.kept;
  }

  set(value: T): T {
    this.kept = value;
    this.#watchers.forEach((on) => on(value));
    return value;
  }

  watch(on: (value: T) => void): null {
    this.#watchers.push(on);
    on(this.kept);
    return null;
  }
}

export class MockDesk {
  readonly session: Watched<SessionState>;
  readonly settings: Watched<Settings>;
  #historyBytes = 24_000_000;
  #cacheBytes = 12_000_000;
  #webhook = webhook();

  /** `?theme=dark&language=es&signedOut` choose how it begins. */
  constructor(wanted: URLSearchParams) {
    this.session = new Watched(session({ signedIn: !wanted.has('signedOut'), demo: true }));
    this.settings = new Watched(
      settings({
        language: LANGUAGES.find((one) => one === wanted.get('language')) ?? 'en',
        theme: THEMES.find((one) => one === wanted.get('theme')) ?? 'system',
        tagPresets: ['factura', 'reclamo', 'venta'],
      }),
    );
  }

  /** What a file would change, made up. */
  settingsFile(): SettingsFound {
    const { theme, teams } = this.settings.value;
    const then: Theme = theme === 'dark' ? 'light' : 'dark';
    return {
      path: 'atalaya-settings.json',
      madeMs: Date.UTC(2026, 10, 28, 12),
      changes: [
        { kind: 'list', name: 'keys.floor.rewind', added: ['H'], removed: ['R'], changed: [] },
        { kind: 'list', name: 'teams', added: ['Norte', 'Sur'], removed: [], changed: [] },
        { kind: 'list', name: 'rules', added: [], removed: [], changed: ['waiting'] },
        { kind: 'value', name: 'theme', before: theme, after: then },
        { kind: 'whole', name: 'floorView' },
      ],
      parts: { theme: then },
      before: { theme, teams },
      unknown: [],
    };
  }

  signed(signedIn: boolean): SessionState {
    return this.session.set({ ...this.session.value, signedIn });
  }

  forget(id: string): SessionState {
    const { profiles, ...rest } = this.session.value;
    return this.session.set({ ...rest, profiles: profiles.filter((one) => one.id !== id) });
  }

  hint = (): ServerHint => ({ normalized: null, telephonyUrl: null, backupUrl: null, problem: null });

  extent(): Extent {
    const now = Date.now();
    const runs = [{ fromMs: now - 6 * 3_600_000, untilMs: now }];
    return { runs, seen: [], offsetSecs: -10_800, bytes: this.#historyBytes };
  }

  room = (): HistoryRoom => ({ bytes: this.#historyBytes, maxBytes: 1_000_000_000 });

  clearHistory(): HistoryRoom {
    this.#historyBytes = 40_000;
    return this.room();
  }

  diagnostics(): Diagnostics {
    return {
      appVersion: '0.1.0',
      server: 'central.example',
      signedInSinceMs: Date.now(),
      loginShape: 'json',
      roundTripMs: 42,
      clockDifferenceSecs: 2,
      requestsPerMinute: 61,
      requestsOfEverything: 280,
      requestBudgetPerSecond: 4,
      lastErrors: [],
      places: [],
      audioDevice: 'Speakers',
      secretStore: 'os',
      webhook: this.#webhook,
      cacheBytes: this.#cacheBytes,
      cacheMaxBytes: 500_000_000,
      logFolder: '/logs',
      dataFolder: '/data',
    };
  }

  /** Where messages to a chat would go. */
  chat(parts: Partial<WebhookState> = {}): WebhookState {
    this.#webhook = { ...this.#webhook, ...parts };
    return this.#webhook;
  }

  clearCache(): Diagnostics {
    this.#cacheBytes = 0;
    return this.diagnostics();
  }
}
