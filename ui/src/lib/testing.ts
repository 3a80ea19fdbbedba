// Whole values for tests, with the parts a test cares about.
import type {
  Agent,
  AheadAt,
  AheadFigure,
  AheadOutlook,
  AheadPassing,
  Alert,
  AlertPart,
  AlertsTold,
  Call,
  Campaign,
  CampaignAhead,
  Health,
  Hearing,
  ListRow,
  Measure,
  PauseLimit,
  Profile,
  ReviewAlert,
  Rule,
  SessionState,
  Settings,
  Snapshot,
  Team,
  TeamState,
  TeamTold,
  Transport,
  UpdateState,
  WebhookState,
} from './host/host';
import type { PlayerState } from './state/player.svelte';
import { Limits } from './thresholds';

const rule = (
  measure: Measure,
  warn: number | null,
  bad: number | null,
  parts: Partial<Rule> = {},
): Rule => ({
  id: measure,
  measure,
  campaign: null,
  team: null,
  reason: null,
  warn,
  bad,
  relative: false,
  atMost: null,
  clear: null,
  holdSecs: 0,
  cooldownSecs: 60,
  hears: 'sound',
  from: 'warn',
  ...parts,
});

/** The rules that hold where nothing was chosen. */
export const usualRules: Rule[] = [
  rule('waiting', 3, 6, { from: 'bad', holdSecs: 20 }),
  rule('longestWait', 1, 3, { from: 'bad', relative: true, atMost: 120 }),
  rule('nobodyAvailable', 2, 4, { holdSecs: 20 }),
  rule('serviceLevelRecent', 80, 70, { holdSecs: 60, cooldownSecs: 900 }),
  rule('serviceLevel', 80, 70, { hears: 'nobody', holdSecs: 60 }),
  rule('abandonRate', 5, 8, { hears: 'nobody', holdSecs: 60 }),
  rule('redAhead', 50, 70, { hears: 'nobody', clear: 40, holdSecs: 90, cooldownSecs: 600 }),
  rule('inPause', 600, 1200, { from: 'bad' }),
  rule('pauseTotal', null, null, { hears: 'nobody', from: 'bad' }),
  rule('inCall', 480, 900, { hears: 'nobody' }),
  rule('inWrapUp', 1, 2, { hears: 'nobody', relative: true }),
  rule('inRinging', null, 30, { hears: 'nobody' }),
  rule('onHold', 120, 300, { hears: 'nobody' }),
  rule('offline', 300, 900, { hears: 'nobody' }),
  rule('serverAway', 15, 30),
];

/** Limits of these rules and no others. */
export const limits = (
  pauseLimits: PauseLimit[] = [],
  rules: Rule[] = usualRules,
  teams: Team[] = [],
  agents: Agent[] = [],
): Limits => new Limits({ rules, pauseLimits, teams }, () => agents);

/** Something wrong with a campaign: callers wait. */
export function alertPart(parts: Partial<AlertPart> = {}): AlertPart {
  return {
    rule: 'waiting',
    measure: 'waiting',
    severity: 'warn',
    reason: null,
    value: 4,
    worst: 4,
    limit: 3,
    sinceMs: 0,
    overMs: null,
    ...parts,
  };
}

export function alert(parts: Partial<Alert> = {}): Alert {
  return {
    id: 1,
    severity: 'warn',
    campaign: 'Soporte<-',
    agent: null,
    location: null,
    parts: [alertPart()],
    sinceMs: 0,
    raisedMs: 0,
    resolvedMs: null,
    acknowledgedMs: null,
    acknowledgedBy: null,
    snoozedUntilMs: null,
    ...parts,
  };
}

/** A review whose score is low. */
export function reviewAlert(parts: Partial<ReviewAlert> = {}): ReviewAlert {
  return {
    review: 9,
    guid: 'g',
    agent: 'Bruno',
    campaign: 'Soporte<-',
    reviewer: 'Marta',
    card: 'c',
    cardName: 'Attention',
    score: 40,
    under: 70,
    fatal: false,
    raisedMs: 0,
    acknowledgedMs: null,
    acknowledgedBy: null,
    snoozedUntilMs: null,
    ...parts,
  };
}

export function board(active: Alert[] = [], parts: Partial<AlertsTold> = {}): AlertsTold {
  return {
    active,
    history: [],
    quiet: false,
    mutedUntilMs: null,
    chatStopped: false,
    knownUntilMs: null,
    steppedMs: null,
    reviews: [],
    ...parts,
  };
}

export const hearing: Hearing = {
  speed: 1,
  skipSilence: false,
  levelled: false,
  balance: 0,
  stepBackSecs: 1.5,
};

export function settings(parts: Partial<Settings> = {}): Settings {
  return {
    language: 'en',
    theme: 'system',
    textSize: 100,
    centreName: '',
    pollEverySecs: 3,
    requestsPerSecond: 4,
    reviewer: 'Ana',
    welcomed: true,
    audioDevice: null,
    volume: 0.8,
    hearing,
    autoAdvance: false,
    recordingNames: '{date} {time} {agent}',
    saveAsWav: true,
    cacheMaxMb: 500,
    wipeCacheOnSignOut: false,
    historyDays: 30,
    historyMaxMb: 1000,
    rules: usualRules,
    reviewRules: [],
    alertSound: false,
    alertNotice: false,
    quietHours: null,
    dailyReport: {
      on: false,
      atMin: 420,
      days: [0, 1, 2, 3, 4, 5, 6],
      period: 'yesterday',
      page: true,
      table: false,
    },
    webhook: {
      on: false,
      form: 'teams',
      amber: false,
      seen: false,
      over: true,
      inQuietHours: false,
      language: null,
      centre: true,
    },
    teams: [],
    pauseLimits: [],
    walls: null,
    views: null,
    floorView: null,
    callsView: null,
    searches: null,
    tagPresets: [],
    keys: {},
    monthlyReviews: 0,
    reviewShares: [],
    offered: ['people', 'calls', 'dialer', 'messages', 'blacklist'],
    lookOnly: [],
    listenCode: '',
    updateChannel: '',
    ownExtension: '',
    ownContext: '',
    baseMaxBytes: 2_000_000,
    ...parts,
  };
}

export function webhook(parts: Partial<WebhookState> = {}): WebhookState {
  return {
    host: null,
    kept: false,
    problem: null,
    last: null,
    done: 0,
    refused: 0,
    unknown: 0,
    leftOut: 0,
    stopped: false,
    ...parts,
  };
}

/** A desk that looks for no newer version. */
export function updateState(parts: Partial<UpdateState> = {}): UpdateState {
  return {
    running: '0.1.0',
    channel: null,
    given: false,
    phase: { kind: 'idle' },
    found: null,
    lookedMs: null,
    withoutWayBack: false,
    problem: null,
    ...parts,
  };
}

/** A desk that follows in its team. */
export function teamState(parts: Partial<TeamState> = {}): TeamState {
  return {
    part: 'follows',
    asker: { person: 'ana', machine: 'puesto-1', sinceMs: 0, me: false },
    epoch: 4,
    desks: 2,
    lagMs: 12,
    awaySinceMs: null,
    problem: null,
    overtakenMs: null,
    ...parts,
  };
}

export function teamTold(parts: Partial<TeamTold> = {}): TeamTold {
  return {
    address: 'postgres://rui@db.example/equipo',
    label: 'db.example/equipo',
    person: 'rui',
    kept: true,
    shared: null,
    house: null,
    state: teamState(),
    problem: null,
    ...parts,
  };
}

export const profile = (id: string): Profile => ({
  id,
  name: `${id}.example`,
  serverUrl: `https://${id}.example/Integra/resources`,
  user: 'supervisor',
  telephonyUrl: `https://${id}.example`,
  backupUrl: null,
  extraCaPath: null,
  keep: true,
  hasStoredPassword: true,
});

/** Somebody signed in at one server. */
export function session(parts: Partial<SessionState> = {}): SessionState {
  const central = profile('central');
  return {
    turn: 0,
    signedIn: true,
    profile: central,
    profiles: [central],
    secretStore: 'os',
    reviewer: 'Ana',
    demo: false,
    demoAheadMins: 0,
    preparing: null,
    signedOutReason: null,
    decided: {
      lookOnly: false,
      pollEverySecs: null,
      requestsPerSecond: null,
      onlyTheseServers: false,
      servers: [],
      problem: null,
    },
    ...parts,
  };
}

/** Signed in at this one of two servers, or nobody. */
export const sessionAt = (id: string | null): SessionState =>
  session({
    signedIn: id !== null,
    profile: profile(id ?? 'central'),
    profiles: [profile('central'), profile('branch')],
  });

/** A player that is told more, or something else, of what it plays. */
export function hears(player: PlayerState, parts: Partial<Transport>): void {
  player.take({ kind: 'transport', ticket: 0, transport: { ...player.transport, ...parts } });
}

export function transport(parts: Partial<Transport> = {}): Transport {
  return {
    phase: 'empty',
    positionSecs: 0,
    durationSecs: null,
    durationExact: false,
    bufferedSecs: 0,
    channels: null,
    volume: 0.8,
    hearing,
    loopFromSecs: null,
    loopToSecs: null,
    savedSecs: 0,
    problem: null,
    endsAtSecs: null,
    meantToLastSecs: null,
    resumedAtSecs: null,
    underruns: 0,
    obeyed: 0,
    ...parts,
  };
}

export function campaign(parts: Partial<Campaign> = {}): Campaign {
  const name = parts.name ?? 'Soporte<-';
  return {
    name,
    label: name.replace(/(->|<-)$/, ''),
    direction: 'inbound',
    waiting: 0,
    longestWaitSecs: 0,
    longestWaitSinceMs: null,
    available: 3,
    loggedIn: 6,
    totalAgents: 8,
    busy: 1,
    busyPaused: 0,
    paused: 1,
    wrapUp: 0,
    ringing: 0,
    onHold: 0,
    answered: 10,
    abandoned: 0,
    totalCalls: 10,
    abandonRate: 0,
    serviceLevel: 90,
    serviceLevel2: 90,
    serviceLevelOffered: 85,
    serviceLevelPatient: 88,
    rolling: [],
    serviceLevelThresholdSecs: 20,
    wrapUpSecs: 20,
    recentWaitSecs: 5,
    recentTalkSecs: 120,
    averageWaitSecs: 6,
    averageTalkSecs: 130,
    strategy: 'rrmemory',
    waitingTrend: [],
    ...parts,
  };
}

export function agent(parts: Partial<Agent> = {}): Agent {
  return {
    location: 'SIP/1001',
    name: 'Lucía Pereira',
    state: 'available',
    statusCode: null,
    stateSinceMs: 0,
    pauseReason: null,
    pausedIn: 0,
    inCallHere: null,
    callCampaign: null,
    callsTaken: 4,
    lastCallAtMs: null,
    campaigns: ['Soporte<-'],
    ringNoAnswer: 0,
    pauseBeforeSecs: null,
    ...parts,
  };
}

export const health: Health = {
  freshness: 'fresh',
  lastOkMs: 0,
  statusOkMs: 0,
  queueOkMs: 0,
  everyMs: 3000,
  slowed: null,
  roundTripMs: 12,
  failures: 0,
  problem: null,
  dropped: 0,
  requestsPerMinute: 60,
  serverOffsetSecs: null,
};

export function snapshot(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    revision: 1,
    atMs: 0,
    campaigns: [],
    agents: [],
    agentsReadAtMs: {},
    agentsEveryMs: 3000,
    health,
    ...parts,
  };
}

export function call(parts: Partial<Call> = {}): Call {
  return {
    guid: 'guid-0001',
    startedAt: '2026-01-31 10:00:00',
    lengthSecs: 60,
    talkSecs: 50,
    waitSecs: 10,
    campaign: 'Soporte<-',
    direction: 'inbound',
    agent: 'Lucía Pereira',
    answered: true,
    othersUnread: false,
    outcome: 'ANSWERED',
    cause: '16',
    source: '091000001',
    destination: '20000001',
    rating: null,
    days: ['20260131'],
    legs: [],
    ...parts,
  };
}

export function listRow(parts: Partial<Call> = {}): ListRow {
  const one = call(parts);
  return {
    call: one,
    mark: { guid: one.guid, heard: null, flagged: false, sound: null },
    answeredLater: null,
  };
}

const aheadFigure = (low: number, middle: number, high: number): AheadFigure => ({
  low,
  middle,
  high,
  group: 'campaign',
  record: { held: 13, of: 16 },
});

export const band = (low: number, middle: number, high: number) => ({ low, middle, high, mean: middle });

/** At a moment to come. */
export function aheadAt(parts: Partial<AheadAt> = {}): AheadAt {
  return {
    minutes: 15,
    waiting: aheadFigure(0, 1, 3),
    longestSecs: aheadFigure(0, 20, 75),
    level: aheadFigure(72, 79, 85),
    calls: band(20, 25, 31),
    givesUp: band(0, 1, 2),
    comingLevel: band(70, 78, 86),
    belowTarget: 0.6,
    ...parts,
  };
}

/** The colour a campaign may take on. */
export function passing(parts: Partial<AheadPassing> = {}): AheadPassing {
  return {
    limited: 'either',
    colour: 'red',
    likely: 0.7,
    inSecs: band(120, 480, 800),
    clears: 0.4,
    clearsInSecs: null,
    ...parts,
  };
}

/** What comes to a campaign. */
export function aheadOutlook(parts: Partial<AheadOutlook> = {}): AheadOutlook {
  return {
    ahead: [5, 10, 15].map((minutes) => aheadAt({ minutes })),
    passing: [passing({ likely: 0.1 }), passing({ colour: 'amber', likely: 0.2 })],
    callsPerHour: 100,
    grounds: {
      arrivals: 'own',
      talk: 'own',
      wrapUp: 'own',
      patience: 'drawn',
      waitsAssumed: false,
      sharesWithUnknown: false,
      breaksUnknown: false,
    },
    ...parts,
  };
}

/** A campaign's next quarter of an hour. */
export function campaignAhead(parts: Partial<AheadOutlook> = {}, name = 'Soporte<-'): CampaignAhead {
  return { name, reason: null, outlook: aheadOutlook(parts) };
}
