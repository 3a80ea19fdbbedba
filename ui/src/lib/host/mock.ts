// A program that is not there, for looking at the window in a browser (`npm run dev`). Nothing of it reaches a build.
// `?theme=dark&language=es&calls=400&signedOut` choose what is seen.
import { agent, campaign, health, snapshot, thresholds } from '../testing';
import type { Agent, AgentState, Call, FloorUpdate, Host, ListView, SessionState, Settings } from './host';
import { MockCalls } from './mock-calls';
import { MockReview } from './mock-review';

const wanted = new URLSearchParams(location.search);
const calls = new MockCalls(Number(wanted.get('calls') ?? 400));
const review = new MockReview();

const NAMES = [
  'Soporte',
  'Ventas',
  'Cobranzas',
  'Retención',
  'Reservas',
  'Facturación',
  'Emergencias',
  'Portal web',
];
const FIRST = [
  'Lucía',
  'Martín',
  'Sofía',
  'João',
  'Camila',
  'Bruno',
  'Ana',
  'Diego',
  'Paula',
  'Nicolás',
  'Inés',
  'Tomás',
];
const LAST = [
  'Pereira',
  'Rocha',
  'Acosta',
  'Meireles',
  'Núñez',
  'Silveira',
  'Ferreiro',
  'Olivera',
  'Techera',
  'Viera',
];
const STATES: AgentState[] = [
  'available',
  'busy',
  'paused',
  'offline',
  'wrapUp',
  'ringing',
  'onHold',
  'busyPaused',
];
const REASONS = ['Baño', 'Almuerzo', 'Reunión', null];

const names = [...NAMES.map((name) => `${name}<-`), 'Ventas->', 'Encuesta->', 'Recupero->', 'Renovación->'];

function people(now: number): Agent[] {
  return Array.from({ length: 300 }, (_, n) => {
    const state = STATES[(n * 7 + Math.floor(n / 9)) % STATES.length] ?? 'available';
    return agent({
      location: `SIP/${1000 + n}`,
      name: `${FIRST[n % FIRST.length]} ${LAST[(n * 3 + Math.floor(n / 12)) % LAST.length]}`,
      state,
      stateSinceMs: now - ((n * 37) % 1500) * 1000,
      pauseReason: state === 'paused' ? (REASONS[n % REASONS.length] ?? null) : null,
      pausedIn: state === 'paused' ? 1 : 0,
      inCallHere: state === 'busy' ? n % 5 > 0 : null,
      callsTaken: n % 23,
      ringNoAnswer: n % 11 === 0 ? 2 : 0,
      pauseBeforeSecs: state === 'paused' ? (n * 53) % 1800 : null,
      campaigns: [names[n % names.length] ?? '', names[(n * 5 + 2) % names.length] ?? ''],
    });
  });
}

let revision = 0;

function floor(): FloorUpdate {
  const now = Date.now();
  revision += 1;
  const campaigns = names.map((name, n) => {
    const outbound = name.endsWith('->');
    const waiting = outbound ? 0 : Math.max(0, [6, 3, 2, 1, 1, 1, 0, 0][n] ?? 0) + (revision % 2);
    return campaign({
      name,
      label: name.slice(0, -2),
      direction: outbound ? 'outbound' : 'inbound',
      waiting,
      longestWaitSecs: waiting ? 130 - n * 20 : 0,
      longestWaitSinceMs: waiting ? now - (130 - n * 20) * 1000 : null,
      answered: 214 - n * 17,
      abandoned: n,
      serviceLevel: outbound ? null : [61, 84, 79, 92, 88, 97, 100, 90][n],
      waitingTrend: Array.from({ length: 30 }, (_, i) => Math.round(3 + 3 * Math.sin(i / 4 + n))),
    });
  });
  return {
    kind: 'snapshot',
    snapshot: snapshot({
      revision,
      atMs: now,
      campaigns,
      agents: people(now),
      health: { ...health, lastOkMs: now },
    }),
  };
}

const profile = {
  id: 'p1',
  name: 'central.example',
  serverUrl: 'https://central.example/Integra/resources',
  user: 'supervisor',
  telephonyUrl: 'https://central.example',
  backupUrl: null,
  extraCaPath: null,
  keep: true,
  hasStoredPassword: true,
};

let session: SessionState = {
  signedIn: !wanted.has('signedOut'),
  profile,
  profiles: [profile],
  secretStore: 'os',
  reviewer: 'Ana',
  demo: true,
  preparing: false,
  signedOutReason: null,
};

let settings: Settings = {
  language: (wanted.get('language') as Settings['language']) ?? 'en',
  theme: (wanted.get('theme') as Settings['theme']) ?? 'system',
  pollEverySecs: 3,
  requestsPerSecond: 4,
  reviewer: 'Ana',
  audioDevice: null,
  volume: 0.8,
  hearing: { speed: 1, skipSilence: false, levelled: false, balance: 0, stepBackSecs: 1.5 },
  autoAdvance: false,
  saveAsWav: true,
  cacheMaxMb: 500,
  wipeCacheOnSignOut: false,
  historyDays: 30,
  historyMaxMb: 1000,
  thresholds,
  floorView: null,
  callsView: null,
  searches: null,
  tagPresets: ['factura', 'reclamo', 'venta'],
  alertRules: [],
  alertSound: false,
  alertNotice: false,
  quietHours: null,
  teams: [],
  pauseLimits: [],
  views: null,
  walls: null,
};

const answers: { [K in Parameters<Host['ask']>[0]]?: (args: never) => unknown } = {
  session_state: () => session,
  sign_in: () => (session = { ...session, signedIn: true }),
  sign_out: () => (session = { ...session, signedIn: false }),
  server_hint: () => ({ normalized: null, telephonyUrl: null, backupUrl: null, problem: null }),
  settings_get: () => settings,
  settings_set: (args: { settings: Settings }) => (settings = args.settings),
  audio_devices: () => ['Speakers', 'Headset'],
  diagnostics: () => ({
    appVersion: '0.1.0',
    server: 'central.example',
    signedInSinceMs: Date.now(),
    loginShape: 'json',
    roundTripMs: 42,
    clockDifferenceSecs: 2,
    requestsPerMinute: 61,
    requestBudgetPerSecond: 4,
    lastErrors: [],
    places: [],
    audioDevice: 'Speakers',
    secretStore: 'os',
    cacheBytes: 12_000_000,
    cacheMaxBytes: 500_000_000,
    logFolder: '/logs',
    dataFolder: '/data',
  }),
  history_extent: () => ({
    runs: [{ fromMs: Date.now() - 6 * 3_600_000, untilMs: Date.now() }],
    offsetSecs: -10_800,
    bytes: 24_000_000,
  }),
  history_moment: (args: { at: number }) => {
    const now = floor();
    return {
      atMs: args.at,
      snapshot: now.kind === 'snapshot' ? { ...now.snapshot, atMs: args.at } : null,
      alerts: [],
      gap: null,
    };
  },
  history_room: () => ({ bytes: 24_000_000, maxBytes: 1_000_000_000 }),
  history_clear: () => ({ bytes: 40_000, maxBytes: 1_000_000_000 }),
  calls_cancel: (args: { id: number }) => calls.cancel(args.id),
  calls_last_query: () => calls.lastQuery(),
  calls_view: (args: { view: ListView; count: number }) => calls.list.look(args.view, args.count),
  calls_slice: (args: { from: number; count: number }) => calls.list.slice(args.from, args.count),
  calls_place: (args: { guid: string }) => calls.list.place(args.guid),
  calls_facets: () => calls.list.facets(),
  calls_callers: (args: { least: number }) => calls.list.callers(args.least),
  calls_text: () => '',
  calls_flag: (args: { guids: string[]; flagged: boolean }) => calls.list.flag(args.guids, args.flagged),
  query_text: () => 'period:today answered:no',
  recording_cancel: () => calls.close(),
  player_play: () => calls.play(),
  player_toggle: () => calls.toggle(),
  player_seek: (args: { secs: number }) => calls.seek(args.secs),
  player_seek_by: (args: { secs: number }) => calls.seekBy(args.secs),
  player_volume: (args: { volume: number }) => calls.volume(args.volume),
  save_sound: () => '/music/call.wav',
  save_folder: () => '/music',
  player_detail: (args: { from: number; to: number; columns: number }) => calls.detail(args),
  recordings_save_cancel: () => calls.stopSaving(),
  player_loop: (args: { from: number | null; to: number | null }) => calls.loop(args.from, args.to),
  player_hearing: (args: { hearing: Settings['hearing'] }) => calls.hear(args.hearing),
  tags_for: (args: { guids: string[] }) => calls.tagsFor(args.guids),
  tag_send: (args: { request: { guid: string; text: string } }) =>
    calls.tag(args.request.guid, args.request.text),
  tag_check: (args: { request: { guid: string; text: string } }) =>
    calls.check(args.request.guid, args.request.text),
  tags_recent: () => calls.recent(),
  ...review.answers,
  draft_get: (args: { key: string }) => calls.draft(args.key),
  draft_set: (args: { key: string; text: string | null }) => calls.setDraft(args.key, args.text),
};

const streams: { [K in Parameters<Host['stream']>[0]]?: (args: never, on: never) => unknown } = {
  session_watch: () => null,
  floor_watch: (_args: never, on: (update: FloorUpdate) => void) => {
    on(floor());
    setInterval(() => on(floor()), 3000);
  },
  marks_watch: () => null,
  media_watch: () => null,
  tags_watch: (_args: never, on: Parameters<MockCalls['watchTags']>[0]) => calls.watchTags(on),
  player_watch: (_args: never, on: Parameters<MockCalls['watchPlayer']>[0]) => calls.watchPlayer(on),
  calls_search: (
    args: { query: Parameters<MockCalls['search']>[0] },
    on: Parameters<MockCalls['search']>[1],
  ) => calls.search(args.query, on),
  recordings_save: (args: { calls: Call[] }, on: Parameters<MockCalls['save']>[1]) =>
    calls.save(args.calls, on),
  recording_open: (
    args: { request: Parameters<MockCalls['open']>[0] },
    on: Parameters<MockCalls['open']>[1],
  ) => calls.open(args.request, on),
};

// One table, whose types the door has already checked for whoever asks.
export const mock = {
  ask: async (name: Parameters<Host['ask']>[0], args: never) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return answers[name]?.(args) ?? null;
  },
  stream: (name: Parameters<Host['stream']>[0], args: never, on: never) =>
    Promise.resolve(streams[name]?.(args, on) ?? null),
} as unknown as Host;
