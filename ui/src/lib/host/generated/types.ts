// Generated from Rust by `cargo xtask bindings`: do not edit.

/**
 * Why something failed.
 */
export type Problem = { 
/**
 * Stable code; the catalogue has a text for each.
 */
code: string, 
/**
 * Values for the text.
 */
params: { [key in string]: string }, 
/**
 * Whether trying again may help without changing anything.
 */
retryable: boolean, };

/**
 * Which way a call goes, and the calls of a campaign.
 */
export type Direction = "inbound" | "outbound";

/**
 * The one visible state of an agent.
 */
export type AgentState = "available" | "ringing" | "busy" | "busyPaused" | "onHold" | "paused" | "wrapUp" | "offline" | "unknown";

/**
 * What came in over the last minutes, from differences of the server's counters.
 */
export type Rolling = { 
/**
 * Length of the window: 15, 30 or 60.
 */
minutes: number, 
/**
 * How much of it was watched; less than `minutes` while the watch is young.
 */
coveredMinutes: number, 
/**
 * Calls answered in it.
 */
answered: number, 
/**
 * Calls abandoned in it.
 */
abandoned: number, 
/**
 * Percent; `None` when there were no calls.
 */
abandonRate: number | null, 
/**
 * Percent of the answered within the threshold; `None` when none were answered or the server gives no percentage.
 */
serviceLevel: number | null, 
/**
 * The service level may be off by so many points: the server rounds the day's percentage to one decimal.
 */
plusMinus: number | null, };

/**
 * What came in within one half hour of the clock, as far as it was watched.
 */
export type HalfHour = { 
/**
 * Its beginning, epoch milliseconds.
 */
beginsMs: number, 
/**
 * Watched from its beginning to its end.
 */
whole: boolean, 
/**
 * Calls answered in it.
 */
answered: number, 
/**
 * Calls abandoned in it.
 */
abandoned: number, 
/**
 * Percent; `None` when there were no calls.
 */
abandonRate: number | null, 
/**
 * As in [`Rolling`].
 */
serviceLevel: number | null, 
/**
 * As in [`Rolling`].
 */
plusMinus: number | null, };

/**
 * One campaign, every figure as the server has it.
 */
export type Campaign = { 
/**
 * The server's name, suffix included: the key.
 */
name: string, 
/**
 * The name without its direction suffix.
 */
label: string, 
/**
 * From the suffix.
 */
direction: Direction, 
/**
 * Callers waiting now (`acd`, else `callers` of queuesummary).
 */
waiting: number | null, 
/**
 * Seconds the oldest waiting caller had waited when the server answered; 0 when nobody waits.
 */
longestWaitSecs: number | null, 
/**
 * When that caller began to wait; `None` when nobody waits.
 */
longestWaitSinceMs: number | null, 
/**
 * `campaignstatus.availables`.
 */
available: number | null, 
/**
 * Members logged in.
 */
loggedIn: number | null, 
/**
 * All members, logged in or not.
 */
totalAgents: number | null, 
/**
 * On a call, not paused.
 */
busy: number | null, 
/**
 * On a call and paused.
 */
busyPaused: number | null, 
/**
 * Paused.
 */
paused: number | null, 
/**
 * In wrap-up now.
 */
wrapUp: number | null, 
/**
 * Ringing now, counted over the agents read; `None` until they have been read.
 */
ringing: number | null, 
/**
 * On hold now, counted over the agents read; `None` until they have been read.
 */
onHold: number | null, 
/**
 * Calls answered since the server's last reset.
 */
answered: number | null, 
/**
 * Calls abandoned since the server's last reset; unanswered dials on outbound campaigns.
 */
abandoned: number | null, 
/**
 * Calls since the server's last reset.
 */
totalCalls: number | null, 
/**
 * Percent; `None` when there were no calls.
 */
abandonRate: number | null, 
/**
 * Percent of answered calls answered within the threshold; `None` when there were none.
 */
serviceLevel: number | null, 
/**
 * Percent: (answered within + abandoned within) / (answered + abandoned); `None` when there were no calls.
 */
serviceLevel2: number | null, 
/**
 * Percent: answered within / (answered + abandoned), worked out from the two above.
 */
serviceLevelOffered: number | null, 
/**
 * Percent: answered within / (answered + abandoned − abandoned within), worked out from the two above: callers who
 * gave up at once are left out.
 */
serviceLevelPatient: number | null, 
/**
 * Seconds of the service level's threshold.
 */
serviceLevelThresholdSecs: number | null, 
/**
 * Configured wrap-up time, seconds; 0 none.
 */
wrapUpSecs: number | null, 
/**
 * Exponential average of the wait of answered calls, seconds: "recent", not the day's.
 */
recentWaitSecs: number | null, 
/**
 * Exponential average of talk time, seconds.
 */
recentTalkSecs: number | null, 
/**
 * The server's average wait, seconds.
 */
averageWaitSecs: number | null, 
/**
 * The server's average talk, seconds.
 */
averageTalkSecs: number | null, 
/**
 * Ring strategy as the server names it.
 */
strategy: string | null, 
/**
 * Most callers waiting in each of the last minutes watched, oldest first, at most 60; `None` for a minute
 * without an answer.
 */
waitingTrend: Array<number | null>, 
/**
 * The last 15, 30 and 60 minutes; empty before the first poll. Outbound campaigns have no service level in it.
 */
rolling: Array<Rolling>, };

/**
 * One person, once, whatever number of campaigns they serve.
 */
export type Agent = { 
/**
 * The telephone interface (`SIP/1010`): the key.
 */
location: string, 
/**
 * User name.
 */
name: string, 
/**
 * The one visible state.
 */
state: AgentState, 
/**
 * The server's number, kept when `state` is `unknown`.
 */
statusCode: number | null, 
/**
 * When the state began; `None` when the server's elapsed time could not be read.
 */
stateSinceMs: number | null, 
/**
 * The reason given for a pause.
 */
pauseReason: string | null, 
/**
 * In how many campaigns the person is paused.
 */
pausedIn: number, 
/**
 * On a call of a campaign seen here; `Some(false)` is a call of another queue, outbound or private; `None`
 * when not on a call.
 */
inCallHere: boolean | null, 
/**
 * The campaign whose call it is, when known.
 */
callCampaign: string | null, 
/**
 * Calls taken, all campaigns added.
 */
callsTaken: number | null, 
/**
 * Epoch milliseconds of the last call's end; `None` when none.
 */
lastCallAtMs: number | null, 
/**
 * The campaigns the person is a member of, names with suffix, sorted.
 */
campaigns: Array<string>, 
/**
 * Rings seen since watching began that ended with the person free and no call taken: not answered, or the caller
 * gave up, or another was quicker. Rings shorter than the time between two readings are missed.
 */
ringNoAnswer: number, 
/**
 * Seconds spent before this pause in pauses of the same reason since watching began: with the age of the state the
 * total. `None` when not paused.
 */
pauseBeforeSecs: number | null, };

/**
 * Seconds in one state.
 */
export type StateTime = { 
/**
 * Which.
 */
state: AgentState, 
/**
 * Seconds in it.
 */
secs: number, };

/**
 * The pauses of one reason.
 */
export type PauseTime = { 
/**
 * As first spelt by the server; `None`: without a reason.
 */
reason: string | null, 
/**
 * How many.
 */
count: number, 
/**
 * Seconds in them.
 */
secs: number, };

/**
 * What one campaign last said of an agent.
 */
export type AgentSeat = { 
/**
 * Name with suffix.
 */
campaign: string, 
/**
 * Calls taken in it.
 */
callsTaken: number | null, 
/**
 * Epoch milliseconds of the last call's end in it; `None` when none.
 */
lastCallAtMs: number | null, 
/**
 * Paused in it.
 */
paused: boolean | null, 
/**
 * Called only when nobody with a smaller one is free; `None`: not told.
 */
penalty: number | null, 
/**
 * When it was read, epoch milliseconds.
 */
readAtMs: number, };

/**
 * What one agent did since it was first seen, up to now, the state under way included.
 */
export type AgentDay = { 
/**
 * The telephone interface: the key.
 */
location: string, 
/**
 * User name.
 */
name: string, 
/**
 * When the person was first seen at this interface, epoch milliseconds; nothing before counts.
 */
watchedSinceMs: number, 
/**
 * Seconds whose state is known: the sum of `states`. What is missing to now went unseen.
 */
seenSecs: number, 
/**
 * Every state, always in the same order.
 */
states: Array<StateTime>, 
/**
 * Percent: talk, hold and wrap-up over these and the available time; ringing, pauses and offline are in neither.
 * `None` before any of it was seen.
 */
occupancy: number | null, 
/**
 * By reason, in the order first seen.
 */
pauses: Array<PauseTime>, 
/**
 * Rings that ended without this person taking the call, as counted in `Agent`.
 */
ringNoAnswer: number, 
/**
 * The campaigns the person is a member of now, by name.
 */
campaigns: Array<AgentSeat>, };

/**
 * How far a figure can be trusted by its age.
 */
export type Freshness = "starting" | "fresh" | "stale" | "lost";

/**
 * Why the server is asked less often than wished.
 */
export type Slowed = "server" | "unwatched";

/**
 * The connection behind the figures.
 */
export type Health = { 
/**
 * Age of the campaign figures against their planned interval.
 */
freshness: Freshness, 
/**
 * When the campaigns last arrived: the older of the two answers they come in.
 */
lastOkMs: number | null, 
/**
 * When `campaignstatus` was last answered: counters, levels, states.
 */
statusOkMs: number | null, 
/**
 * When `queuesummary` was last answered: the longest wait, the recent averages.
 */
queueOkMs: number | null, 
/**
 * The planned interval of the campaign figures.
 */
everyMs: number, 
/**
 * Why that is longer than wished.
 */
slowed: Slowed | null, 
/**
 * How long the last answer took.
 */
roundTripMs: number | null, 
/**
 * Polls failed in a row.
 */
failures: number, 
/**
 * What went wrong last, gone after a success.
 */
problem: Problem | null, 
/**
 * Elements the server sent that could not be read, in the last poll.
 */
dropped: number, 
/**
 * Requests sent in the last minute.
 */
requestsPerMinute: number, 
/**
 * The server's clock, as it reads, before coordinated universal time, seconds; `None` before an agent told.
 */
serverOffsetSecs: number | null, };

/**
 * Everything, as of one revision.
 */
export type Snapshot = { 
/**
 * Grows by one with every change.
 */
revision: number, 
/**
 * When it was made.
 */
atMs: number, 
/**
 * Sorted by name.
 */
campaigns: Array<Campaign>, 
/**
 * Sorted by location.
 */
agents: Array<Agent>, 
/**
 * When each campaign's agents were last read.
 */
agentsReadAtMs: Record<string, number>, 
/**
 * Why a campaign's agents could not be read the last time, by campaign: a code.
 */
agentsUnread?: Record<string, string>, 
/**
 * The planned refresh period of a campaign's agents that are not on screen.
 */
agentsEveryMs: number, 
/**
 * The connection.
 */
health: Health, };

/**
 * What changed between two revisions.
 */
export type Delta = { 
/**
 * The revision this applies to; a receiver at another one asks for a snapshot.
 */
from: number, 
/**
 * The revision after it.
 */
revision: number, 
/**
 * When it was made.
 */
atMs: number, 
/**
 * New or changed, whole.
 */
campaigns: Array<Campaign>, 
/**
 * Names no longer there.
 */
campaignsGone: Array<string>, 
/**
 * New or changed, whole.
 */
agents: Array<Agent>, 
/**
 * Locations no longer there.
 */
agentsGone: Array<string>, 
/**
 * Entries that changed; `None` for a campaign whose agents are not known any more.
 */
agentsReadAtMs: Record<string, number | null>, 
/**
 * Campaigns whose agents could not be read the last time, all of them: a code for each.
 */
agentsUnread?: Record<string, string>, 
/**
 * The planned refresh period of a campaign's agents that are not on screen.
 */
agentsEveryMs: number, 
/**
 * The connection.
 */
health: Health, };

/**
 * One message to the window.
 */
export type FloorUpdate = { "kind": "snapshot", 
/**
 * The whole floor.
 */
snapshot: Snapshot, } | { "kind": "delta", 
/**
 * What changed.
 */
delta: Delta, };

/**
 * What a rule looks at.
 */
export type Measure = "waiting" | "longestWait" | "nobodyAvailable" | "serviceLevel" | "serviceLevelRecent" | "abandonRate" | "redAhead" | "inPause" | "inCall" | "inWrapUp" | "inRinging" | "onHold" | "offline" | "pauseTotal" | "serverAway";

/**
 * How much a hand is needed.
 */
export type Severity = "warn" | "bad";

/**
 * Who hears of an alert; whoever looks sees every one of them.
 */
export type Hears = "sound" | "notice" | "nobody";

/**
 * When a figure turns amber or red, and who hears of it: the one truth of colours and alerts.
 */
export type Rule = { 
/**
 * Its name for the program.
 */
id: string, 
/**
 * What it looks at.
 */
measure: Measure, 
/**
 * Only this campaign, or the agents of it, in place of the rule for all; `None` all.
 */
campaign: string | null, 
/**
 * Only the agents of the team with this id, or the campaigns any of them works in; `None` all.
 */
team: string | null, 
/**
 * Only pauses of this reason, capitals aside; `None` all. Without meaning for what is no pause.
 */
reason: string | null, 
/**
 * From here amber, in the measure's unit; `None` never. A service level is amber below, a share of abandoned calls
 * above it. A pause whose reason has a limit of its own goes by that: red from it, amber from four fifths.
 */
warn: number | null, 
/**
 * From here red; `None` never.
 */
bad: number | null, 
/**
 * The limits are multiples of the campaign's own threshold (waits) or wrap-up time.
 */
relative: boolean, 
/**
 * No relative limit is larger than this.
 */
atMost: number | null, 
/**
 * An alert is over from here, in the unit of `warn` and `bad`; `None`: from the limit it is raised at.
 */
clear: number | null, 
/**
 * Seconds a limit must be passed without a break before an alert is raised; colours do not wait.
 */
holdSecs: number, 
/**
 * Seconds after its end before it may be raised again.
 */
cooldownSecs: number, 
/**
 * Who hears of it.
 */
hears: Hears, 
/**
 * Raised from amber, or from red only.
 */
from: Severity, };

/**
 * A figure beyond its limits, as a part of an alert.
 */
export type AlertPart = { 
/**
 * The rule's name.
 */
rule: string, 
/**
 * What was looked at.
 */
measure: Measure, 
/**
 * How bad it is, or was at its worst.
 */
severity: Severity, 
/**
 * The reason of the pause it is about; `None` for what is no pause, or one without a reason.
 */
reason: string | null, 
/**
 * The figure as last seen, in the measure's unit.
 */
value: number, 
/**
 * The figure at its worst.
 */
worst: number, 
/**
 * The limit it passed.
 */
limit: number, 
/**
 * Of what is only ahead: in about so many seconds, as last seen; absent for what is now.
 */
inSecs?: number, 
/**
 * Since when it has been passed, epoch milliseconds.
 */
sinceMs: number, 
/**
 * When this figure was well again; the alert may go on.
 */
overMs: number | null, };

/**
 * What needs an eye or a hand at one campaign, with one person or with the server: one alert, whatever figures say so.
 */
export type Alert = { 
/**
 * Its number; another one each time it is raised.
 */
id: number, 
/**
 * How bad it is; once it is over, how bad it was at its worst.
 */
severity: Severity, 
/**
 * The campaign, or the one the person works for.
 */
campaign: string | null, 
/**
 * The person's name.
 */
agent: string | null, 
/**
 * The person's interface; `None` for what is not about one person.
 */
location: string | null, 
/**
 * What is wrong, and what was and is well again while the alert goes on; never empty.
 */
parts: Array<AlertPart>, 
/**
 * Since when the first limit has been passed, epoch milliseconds.
 */
sinceMs: number, 
/**
 * When it was raised.
 */
raisedMs: number, 
/**
 * When somebody said that they see to it.
 */
acknowledgedMs: number | null, 
/**
 * Who: the person named in the settings, or the account.
 */
acknowledgedBy: string | null, 
/**
 * Quiet until then.
 */
snoozedUntilMs: number | null, 
/**
 * When it was over.
 */
resolvedMs: number | null, };

/**
 * All alerts, sent when anything about them changed, and every few seconds.
 */
export type AlertBoard = { 
/**
 * Under way: a silent server first, then the worst, callers before people, the oldest.
 */
active: Array<Alert>, 
/**
 * Over, the latest first.
 */
history: Array<Alert>, 
/**
 * The quiet hours of the settings are now: alerts are shown and not heard.
 */
quiet: boolean, 
/**
 * Not heard until then: somebody said so. `None`: heard, or not for the reason above.
 */
mutedUntilMs: number | null, 
/**
 * A chat should be told of alerts, and is not: it refused them.
 */
chatStopped: boolean, 
/**
 * The server is silent, and nothing is known of the floor since then; `None`: it is known.
 */
knownUntilMs: number | null, 
/**
 * When the rules were last looked at; it goes on for as long as somebody watches. `None`: not yet.
 */
steppedMs: number | null, };

/**
 * People looked at together.
 */
export type Team = { 
/**
 * Its name for the program.
 */
id: string, 
/**
 * Its name for people.
 */
name: string, 
/**
 * User names, not interfaces: a person may change seats.
 */
members: Array<string>, };

/**
 * How much of a pause is too much. Minutes, from 1 to a day; `None` no limit.
 */
export type PauseLimit = { 
/**
 * The reason as the server writes it; capitals do not matter.
 */
reason: string, 
/**
 * One pause.
 */
onceMins: number | null, 
/**
 * All pauses of the reason since watching began.
 */
totalMins: number | null, };

/**
 * Why a campaign has no forecast. Never an empty one in its place.
 */
export type AheadReason = "nothingRead" | "tooOld" | "outbound" | "waitingUnknown" | "watchedTooShort" | "justReset" | "handlingUnknown" | "peopleUnknown" | "implausible";

/**
 * What an assumption of a forecast stands on, the best first.
 */
export type AheadBasis = "own" | "drawn" | "wider" | "average" | "assumed";

/**
 * What a campaign's forecast stands on.
 */
export type AheadGrounds = { 
/**
 * Of how many calls come.
 */
arrivals: AheadBasis, 
/**
 * Of how long they talk.
 */
talk: AheadBasis, 
/**
 * Of how long the work after them takes.
 */
wrapUp: AheadBasis, 
/**
 * Of how long callers wait before they give up.
 */
patience: AheadBasis, 
/**
 * When the first caller came was unknown, so that those waiting were spread over the time it must have been.
 */
waitsAssumed: boolean, 
/**
 * Its people serve campaigns of whose calls nothing is known.
 */
sharesWithUnknown: boolean, 
/**
 * Breaks are not known: everybody on one stays on it, and nobody else takes one.
 */
breaksUnknown: boolean, };

/**
 * Eight of ten lie between the low and the high one: one of ten below and one above, or two on one side where the other
 * is a bound (nobody waiting, all in time).
 */
export type AheadBand = { 
/**
 * From here.
 */
low: number, 
/**
 * As many lie below as above.
 */
middle: number, 
/**
 * To here.
 */
high: number, 
/**
 * The average.
 */
mean: number, };

/**
 * What a limit is about.
 */
export type AheadLimited = "waiting" | "longest" | "either";

/**
 * How bad a limit is.
 */
export type AheadColour = "amber" | "red";

/**
 * A limit that may be passed within the quarter of an hour.
 */
export type AheadPassing = { 
/**
 * What is limited.
 */
limited: AheadLimited, 
/**
 * How bad.
 */
colour: AheadColour, 
/**
 * How likely it is passed, 0 to 1; 1 where it is now.
 */
likely: number, 
/**
 * When it is passed for the first time, seconds from now, of the runs in which it is.
 */
inSecs: AheadBand | null, 
/**
 * How likely it is not passed at the end of the quarter, nor since some moment before.
 */
clears: number, 
/**
 * From when on, seconds from now, of the runs in which it was passed at all and clears.
 */
clearsInSecs: AheadBand | null, };

/**
 * Whose errors a band goes by, the nearest first.
 */
export type AheadGroup = "campaignAndHour" | "campaign" | "hour" | "all" | "nobody";

/**
 * How often bands held.
 */
export type AheadRecord = { 
/**
 * So many held.
 */
held: number, 
/**
 * Of so many.
 */
of: number, };

/**
 * A figure to come: eight of ten lie from low to high, as far as the past says.
 */
export type AheadFigure = { 
/**
 * From here.
 */
low: number, 
/**
 * As many are expected below as above.
 */
middle: number, 
/**
 * To here.
 */
high: number, 
/**
 * By whose past errors the band was set.
 */
group: AheadGroup, 
/**
 * How often this campaign's bands of this figure, so many minutes ahead, held in the last 14 days; `None`: none of them
 * has come true yet.
 */
record: AheadRecord | null, };

/**
 * At one moment to come.
 */
export type AheadAt = { 
/**
 * Minutes from then.
 */
minutes: number, 
/**
 * Callers waiting.
 */
waiting: AheadFigure, 
/**
 * How long the first of them will have waited, seconds; 0 where nobody waits.
 */
longestSecs: AheadFigure, 
/**
 * Percent of the calls answered until then that are answered in time, as the server counts; `None`: too few calls.
 */
level: AheadFigure | null, 
/**
 * Calls that come until then; not calibrated, as the next one.
 */
calls: AheadBand, 
/**
 * Callers who give up until then.
 */
givesUp: AheadBand, 
/**
 * Percent of the calls that come, and are decided by then, that are answered in time; `None`: too few calls.
 * Its average is no more than came where about as much was told.
 */
comingLevel: AheadBand | null, 
/**
 * How likely that is below the target, 0 to 1, by what came of such; `None` without either.
 */
belowTarget: number | null, };

/**
 * What comes to one campaign.
 */
export type AheadOutlook = { 
/**
 * In 5, 10 and 15 minutes.
 */
ahead: Array<AheadAt>, 
/**
 * For each limit of the rules: how likely and when it is passed, and whether it clears by itself. `either` is the
 * campaign's colour.
 */
passing: Array<AheadPassing>, 
/**
 * Calls expected an hour.
 */
callsPerHour: number, 
/**
 * What it stands on.
 */
grounds: AheadGrounds, };

/**
 * One campaign's: an outlook, or why there is none.
 */
export type CampaignAhead = { 
/**
 * Name with suffix.
 */
name: string, 
/**
 * Why there is none; `None` where there is one.
 */
reason: AheadReason | null, 
/**
 * What comes.
 */
outlook: AheadOutlook | null, };

/**
 * The next quarter of an hour, as last worked out.
 */
export type AheadTold = { 
/**
 * When, epoch milliseconds; `None`: not yet, or nobody is signed in.
 */
atMs: number | null, 
/**
 * Every campaign, sorted by name.
 */
campaigns: Array<CampaignAhead>, };

/**
 * What could be done.
 */
export type AheadChange = { "kind": "more", 
/**
 * Name with suffix.
 */
campaign: string, 
/**
 * How many.
 */
people: number, } | { "kind": "fewer", 
/**
 * Name with suffix.
 */
campaign: string, 
/**
 * How many.
 */
people: number, } | { "kind": "join", 
/**
 * Their telephone interface.
 */
location: string, 
/**
 * Name with suffix.
 */
campaign: string, 
/**
 * After everybody with a smaller one.
 */
penalty: number, } | { "kind": "leave", 
/**
 * Their telephone interface.
 */
location: string, 
/**
 * Name with suffix.
 */
campaign: string, };

/**
 * With the change less without it, at one moment to come.
 */
export type AheadDifference = { 
/**
 * Minutes from now.
 */
minutes: number, 
/**
 * Callers waiting then.
 */
waiting: AheadBand, 
/**
 * The longest wait then, seconds.
 */
longestSecs: AheadBand, 
/**
 * Callers who give up until then.
 */
givesUp: AheadBand, 
/**
 * Points of the service level of calls that come until then; `None`: too few calls.
 */
comingLevel: AheadBand | null, };

/**
 * One campaign's.
 */
export type CampaignWhatIf = { 
/**
 * Name with suffix.
 */
name: string, 
/**
 * Why there is none; `None` where there is one.
 */
reason: AheadReason | null, 
/**
 * What would come.
 */
outlook: AheadOutlook | null, 
/**
 * With the change less without it, in 5, 10 and 15 minutes, on the same callers; `None` where there is no outlook. A band
 * that reaches zero is no sure difference.
 */
differs: Array<AheadDifference> | null, };

/**
 * What would come of changes, everywhere.
 */
export type AheadWhatIf = { 
/**
 * When what it is compared with was worked out, epoch milliseconds.
 */
atMs: number, 
/**
 * Every campaign, sorted by name.
 */
campaigns: Array<CampaignWhatIf>, 
/**
 * People or campaigns that are not there: the change is that much smaller.
 */
leftOut: number, };

/**
 * Why nobody is suggested. Codes are stable.
 */
export type NoAdvice = { "noForecast": AheadReason } | "notKnownYet" | "noTarget" | "onTarget" | "nobodyToAsk" | "neededElsewhere" | "notEnough" | "notSure";

/**
 * Somebody who could help.
 */
export type AdvisedPerson = { 
/**
 * The telephone interface.
 */
location: string, 
/**
 * User name.
 */
name: string, 
/**
 * The campaigns they serve now.
 */
campaigns: Array<string>, };

/**
 * Who could help.
 */
export type AheadAdvice = { 
/**
 * When what it goes by was worked out, epoch milliseconds.
 */
atMs: number, 
/**
 * Whom it helps, name with suffix.
 */
campaign: string, 
/**
 * Why nobody is suggested; `None` where somebody is.
 */
none: NoAdvice | null, 
/**
 * Who joins, in the order in which they were found; they stay where they are.
 */
people: Array<AdvisedPerson>, 
/**
 * Expected service level of the coming calls as it is, percent.
 */
levelWithout: number | null, 
/**
 * And with their help.
 */
levelWith: number | null, 
/**
 * What comes of it everywhere.
 */
effect: AheadWhatIf | null, };

/**
 * A stretch of time.
 */
export type Period = { 
/**
 * Epoch milliseconds.
 */
fromMs: number, 
/**
 * Epoch milliseconds; not of it any more.
 */
untilMs: number, };

/**
 * A stretch of time that somebody else watched.
 */
export type SeenBy = { 
/**
 * Epoch milliseconds.
 */
fromMs: number, 
/**
 * Epoch milliseconds.
 */
untilMs: number, 
/**
 * Who, and at which computer, as their team knows them.
 */
by: string, };

/**
 * What there is of a floor's past.
 */
export type Extent = { 
/**
 * When the figures came as planned, in order; between them nothing is known.
 */
runs: Array<Period>, 
/**
 * Which of that was seen at colleagues' desks, in order.
 */
seen: Array<SeenBy>, 
/**
 * The server's clock, as it reads, minus coordinated universal time, seconds; `None` before the server told one.
 */
offsetSecs: number | null, 
/**
 * Bytes the history of all floors takes.
 */
bytes: number, };

/**
 * The floor at one moment.
 */
export type Moment = { 
/**
 * Which.
 */
atMs: number, 
/**
 * As it was; `None`: nobody watched.
 */
snapshot: Snapshot | null, 
/**
 * The alerts under way then, the worst and oldest first, as they ended up.
 */
alerts: Array<Alert>, 
/**
 * The time around the moment that nobody watched; open ends are the moment's own. `None` when somebody did.
 */
gap: Period | null, };

/**
 * One campaign's figures, a minute after the other; `None` for a minute nobody watched.
 */
export type Trend = { 
/**
 * The first minute's beginning.
 */
fromMs: number, 
/**
 * Most callers waiting.
 */
waiting: Array<number | null>, 
/**
 * Longest wait, seconds.
 */
longest: Array<number | null>, 
/**
 * Fewest agents available.
 */
available: Array<number | null>, 
/**
 * Percent of those answered in the 30 minutes before the minute's end, as far as watched, worked out from counters.
 */
serviceLevel: Array<number | null>, 
/**
 * Calls abandoned in the minute.
 */
abandoned: Array<number | null>, 
/**
 * Calls answered in the minute.
 */
answered: Array<number | null>, };

/**
 * One state of a person.
 */
export type StateSpan = { 
/**
 * Its beginning, or when it was first seen.
 */
fromMs: number, 
/**
 * Its end, or when it was last seen.
 */
untilMs: number, 
/**
 * Which.
 */
state: AgentState, 
/**
 * The reason of a pause.
 */
reason: string | null, };

/**
 * A person's time. Sampled: what began and ended between two readings is missing.
 */
export type PersonPast = { 
/**
 * The telephone interface.
 */
location: string, 
/**
 * In order; between them nobody watched.
 */
spans: Array<StateSpan>, 
/**
 * Whether states shorter than a minute are among the spans; when the detail has gone they are only in the sums.
 */
whole: boolean, 
/**
 * Seconds in each state, every state, always in the same order.
 */
states: Array<StateTime>, 
/**
 * Percent: handling over handling and available; `None` when neither was seen.
 */
occupancy: number | null, 
/**
 * By reason, in the order first seen.
 */
pauses: Array<PauseTime>, };

/**
 * Which shift is reported.
 */
export type ReportRequest = { 
/**
 * From and until.
 */
period: Period, 
/**
 * Only the people of the team with this id, and the campaigns they worked in; `None` all.
 */
team: string | null, };

/**
 * A campaign's forecasts a quarter of an hour ahead, against what came.
 */
export type ReportForecast = { 
/**
 * With suffix.
 */
name: string, 
/**
 * So many of the ranges shown held what came; waiting, longest wait and service level together.
 */
held: number, 
/**
 * Of so many.
 */
of: number, 
/**
 * How far the middle of the range was from what came, on average: callers waiting.
 */
waitingOff: number | null, 
/**
 * The longest wait, seconds.
 */
longestOffSecs: number | null, 
/**
 * The service level, points.
 */
levelOff: number | null, };

/**
 * A half hour of the report.
 */
export type ReportHalf = { 
/**
 * What came in, inbound campaigns added up. `whole` is false when some of it was not watched.
 */
came: HalfHour, 
/**
 * Most callers waiting at once, inbound campaigns added up minute by minute; `None`: not watched.
 */
waiting: number | null, 
/**
 * Longest wait, seconds.
 */
longest: number | null, 
/**
 * When somebody had waited so long, epoch milliseconds; `None`: nobody waited.
 */
longestAtMs: number | null, 
/**
 * Seconds of it that somebody watched.
 */
seenSecs: number, };

/**
 * A campaign in the report.
 */
export type ReportCampaign = { 
/**
 * Name with suffix.
 */
name: string, 
/**
 * What came in over the period, as far as it was watched.
 */
came: HalfHour, 
/**
 * Most callers waiting at once.
 */
waiting: number | null, 
/**
 * Longest wait, seconds.
 */
longest: number | null, 
/**
 * When somebody had waited so long, epoch milliseconds; `None`: nobody waited.
 */
longestAtMs: number | null, };

/**
 * The pauses of one reason, against what is allowed.
 */
export type ReportPause = { 
/**
 * Who.
 */
name: string, 
/**
 * Reason, how many, how long in all.
 */
pause: PauseTime, 
/**
 * The longest one seen, seconds; `None` where only sums are kept.
 */
longestSecs: number | null, 
/**
 * The last moment of it, epoch milliseconds.
 */
longestAtMs: number | null, 
/**
 * Seconds allowed at once.
 */
onceSecs: number | null, 
/**
 * Seconds allowed in all.
 */
totalSecs: number | null, };

/**
 * A person in the report.
 */
export type ReportPerson = { 
/**
 * User name.
 */
name: string, 
/**
 * The telephone interface.
 */
location: string, 
/**
 * Seconds whose state is known.
 */
seenSecs: number, 
/**
 * Every state, always in the same order.
 */
states: Array<StateTime>, 
/**
 * Percent: talk, hold and wrap-up over these and the available time; `None` before any of it was seen.
 */
occupancy: number | null, 
/**
 * Calls taken, from differences of the server's counter; `None`: never told.
 */
calls: number | null, };

/**
 * A shift.
 */
export type Report = { 
/**
 * From and until.
 */
period: Period, 
/**
 * What of it was watched.
 */
runs: Array<Period>, 
/**
 * Its half hours, in order.
 */
halves: Array<ReportHalf>, 
/**
 * Its campaigns, by name.
 */
campaigns: Array<ReportCampaign>, 
/**
 * Who was signed in, by name.
 */
people: Array<ReportPerson>, 
/**
 * Their pauses, the longest in all first.
 */
pauses: Array<ReportPause>, 
/**
 * Alerts raised in it, in order.
 */
alerts: Array<Alert>, 
/**
 * What was forecast in it against what came, by campaign; those of which nothing came true yet are left out.
 */
forecasts: Array<ReportForecast>, 
/**
 * As in [`Extent`].
 */
offsetSecs: number | null, };

/**
 * How much room the history takes on this computer.
 */
export type HistoryRoom = { 
/**
 * Bytes, of all floors.
 */
bytes: number, 
/**
 * Their bound.
 */
maxBytes: number, };

/**
 * One table of it.
 */
export type PageTable = { 
/**
 * Its title.
 */
title: string, 
/**
 * A sentence under it.
 */
note: string | null, 
/**
 * Titles of the columns.
 */
head: Array<string>, 
/**
 * Rows; the first cell names the row. Lines of a cell after the first are said more quietly.
 */
rows: Array<Array<string>>, 
/**
 * Numbers of the rows that are about a gap, or over a limit.
 */
marked: Array<number>, 
/**
 * Numbers of the columns that hold words: they stand on the left, as the first one does.
 */
words: Array<number>, };

/**
 * The page.
 */
export type Page = { 
/**
 * Of the words, as in `lang`.
 */
language: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Names and values under it.
 */
facts: Array<[string, string]>, 
/**
 * The one figure it is about.
 */
figure: string | null, 
/**
 * Sentences; a new line in them is one on the page.
 */
notes: Array<string>, 
/**
 * What it holds.
 */
tables: Array<PageTable>, 
/**
 * What is signed at its end.
 */
signatures: Array<string>, };

/**
 * What parts the cells.
 */
export type Separator = "comma" | "semicolon";

/**
 * A search for calls. Empty text and `None` mean "any".
 */
export type Search = { 
/**
 * First moment, server-local `yyyy-MM-dd HH:mm:ss`.
 */
from: string, 
/**
 * Last moment, server-local `yyyy-MM-dd HH:mm:ss`.
 */
to: string, 
/**
 * Agent's user name.
 */
agent: string, 
/**
 * Campaign's name with its suffix.
 */
campaign: string, 
/**
 * Calling number.
 */
source: string, 
/**
 * Called number.
 */
destination: string, 
/**
 * Text of a tag.
 */
tag: string, 
/**
 * Rating, as text.
 */
rating: string, 
/**
 * Shortest call, seconds.
 */
minDurationSecs: number | null, 
/**
 * A number to leave out.
 */
exclude: string, 
/**
 * Hours of the day, `HH:MM-HH:MM`.
 */
hours: string, 
/**
 * The number occurs at least so often in the period.
 */
timesSeen: number | null, 
/**
 * `today`, `yesterday`, `week` or `month` when the dates follow the day somebody searches on; else empty.
 */
period: string, };

/**
 * One telephony leg of a call: one agent's phone rung.
 */
export type Leg = { 
/**
 * The record's number.
 */
id: number, 
/**
 * When it began, server-local text.
 */
calldate: string, 
/**
 * The agent rung; `None` when the record names none.
 */
agent: string | null, 
/**
 * Telephony's outcome (`ANSWERED`, `NO ANSWER` …), not the tipificación.
 */
disposition: string, 
/**
 * Seconds of the leg.
 */
durationSecs: number | null, 
/**
 * Seconds billed: talk, on the answered leg.
 */
talkSecs: number | null, 
/**
 * Q.850 cause as text.
 */
cause: string | null, };

/**
 * One call: all legs with the same `guid`.
 */
export type Call = { 
/**
 * The key, and the recording's name.
 */
guid: string, 
/**
 * The earliest leg's start, server-local text.
 */
startedAt: string, 
/**
 * Call end − first leg, seconds.
 */
lengthSecs: number | null, 
/**
 * The answered leg's billed seconds.
 */
talkSecs: number | null, 
/**
 * Seconds before somebody answered, or until the end when nobody did.
 */
waitSecs: number | null, 
/**
 * Campaign's name with its suffix.
 */
campaign: string, 
/**
 * As the record says, else from the campaign's suffix.
 */
direction: Direction, 
/**
 * Who answered; `None` when nobody did.
 */
agent: string | null, 
/**
 * Whether a leg was answered.
 */
answered: boolean, 
/**
 * No leg that was read was answered, but the server gave only those the search asked for: whether somebody else
 * answered is not known.
 */
othersUnread: boolean, 
/**
 * Telephony's outcome: of the answered leg, else of the last one.
 */
outcome: string, 
/**
 * Q.850 cause of that leg, as text.
 */
cause: string | null, 
/**
 * Calling number.
 */
source: string, 
/**
 * Called number.
 */
destination: string, 
/**
 * The server's rating; `None` when not rated.
 */
rating: number | null, 
/**
 * Days (`yyyymmdd`) whose folder may hold the recording, likeliest first.
 */
days: Array<string>, 
/**
 * In order of start.
 */
legs: Array<Leg>, };

/**
 * One message of a running search.
 */
export type SearchUpdate = { "kind": "page", 
/**
 * Calls so far.
 */
calls: number, 
/**
 * Pages read so far.
 */
pages: number, 
/**
 * Rows (legs) read so far, duplicates not counted.
 */
rows: number, 
/**
 * Records that could not be read so far.
 */
dropped: number, } | { "kind": "done", 
/**
 * Calls in all.
 */
calls: number, 
/**
 * Rows in all.
 */
rows: number, } | { "kind": "cancelled" } | { "kind": "failed", 
/**
 * Why.
 */
problem: Problem, };

/**
 * Whether somebody answered.
 */
export type Answered = "any" | "yes" | "no";

/**
 * How much of a call this person has heard.
 */
export type HeardPart = "any" | "nothing" | "part" | "most";

/**
 * What is asked of what can be heard. `None` and false ask nothing.
 */
export type SoundFilter = { 
/**
 * The longest silence is this long or longer, seconds.
 */
silenceSecs: number | null, 
/**
 * At least so many of a hundred seconds are silent.
 */
silencePercent: number | null, 
/**
 * At least so many seconds sound like hold.
 */
holdSecs: number | null, 
/**
 * In at least so many of a hundred seconds both sides speak.
 */
overlapPercent: number | null, 
/**
 * It is this quiet or quieter, decibels of full scale.
 */
quieterDb: number | null, 
/**
 * Half a second of it or more is clipped.
 */
clipped: boolean, };

/**
 * What narrows the calls fetched, without asking the server. Empty text, `None` and `Any` mean "any".
 */
export type LocalFilter = { 
/**
 * Words that each occur in a shown column; `"two words"` together, `-word` nowhere.
 */
text: string, 
/**
 * Longest call, seconds.
 */
maxLengthSecs: number | null, 
/**
 * First minute of the day.
 */
fromMinute: number | null, 
/**
 * Last minute of the day; before the first one it is past midnight.
 */
untilMinute: number | null, 
/**
 * Which way the call went.
 */
direction: Direction | null, 
/**
 * Whether somebody answered.
 */
answered: Answered, 
/**
 * The call's telephony outcome.
 */
outcome: string, 
/**
 * The telephony outcome of any leg.
 */
legOutcome: string, 
/**
 * The call's Q.850 cause.
 */
cause: string, 
/**
 * An agent any leg rang.
 */
legAgent: string, 
/**
 * How much was heard.
 */
heard: HeardPart, 
/**
 * Only flagged calls.
 */
flagged: boolean, 
/**
 * The other party's number, exactly.
 */
number: string, 
/**
 * The longest silence is this long or longer, seconds.
 */
silenceSecs: number | null, 
/**
 * At least so many of a hundred seconds are silent.
 */
silencePercent: number | null, 
/**
 * At least so many seconds sound like hold.
 */
holdSecs: number | null, 
/**
 * In at least so many of a hundred seconds both sides speak.
 */
overlapPercent: number | null, 
/**
 * It is this quiet or quieter, decibels of full scale.
 */
quieterDb: number | null, 
/**
 * Half a second of it or more is clipped.
 */
clipped: boolean, };

/**
 * A column of the list.
 */
export type Column = "time" | "campaign" | "direction" | "agent" | "rung" | "number" | "source" | "destination" | "length" | "talk" | "wait" | "outcome" | "cause" | "rating" | "legs" | "tags" | "heard" | "flag" | "later" | "guid" | "silence" | "longestSilence" | "hold" | "level" | "clipping" | "talkOver" | "sides";

/**
 * Which of the calls.
 */
export type ListMode = "calls" | "abandoned";

/**
 * How the list is looked at.
 */
export type ListView = { 
/**
 * Which of the calls.
 */
mode: ListMode, 
/**
 * What narrows them.
 */
filter: LocalFilter, 
/**
 * What they are in order of.
 */
sort: Column, 
/**
 * Largest, latest, last first.
 */
down: boolean, 
/**
 * Columns shown: where free text is looked for.
 */
columns: Array<Column>, 
/**
 * The window's words for what is not text: `direction.inbound`, `outcome.NO ANSWER`, `cause.16`.
 */
words: { [key in string]: string }, };

/**
 * What is kept here about a call for the person at the desk.
 */
export type Mark = { 
/**
 * The call.
 */
guid: string, 
/**
 * 0 to 1: the part of the recording that was played; `None` when nothing was.
 */
heard: number | null, 
/**
 * Flagged.
 */
flagged: boolean, 
/**
 * What can be heard of its recording; `None` when that was never measured here.
 */
sound: SoundFigures | null, };

/**
 * A call in the list.
 */
export type ListRow = { 
/**
 * The call.
 */
call: Call, 
/**
 * What is kept here about it.
 */
mark: Mark, 
/**
 * For a call nobody answered: when the same number was next answered, server-local text, in what was fetched.
 */
answeredLater: string | null, };

/**
 * A stretch of the list.
 */
export type ListSlice = { 
/**
 * Counts up whenever other rows, or rows in another order, are shown.
 */
revision: number, 
/**
 * Calls fetched.
 */
total: number, 
/**
 * Calls shown.
 */
shown: number, 
/**
 * Calls left out only because what can be heard of them is not known: nobody can say whether they belong here.
 */
unjudged: number, 
/**
 * Place of the first row given.
 */
from: number, 
/**
 * The rows.
 */
rows: Array<ListRow>, };

/**
 * A value and how many of the calls fetched have it.
 */
export type Facet = { 
/**
 * As the record says it.
 */
value: string, 
/**
 * Calls.
 */
calls: number, };

/**
 * What there is to choose from in the calls fetched, the commonest first.
 */
export type Facets = { 
/**
 * Campaigns.
 */
campaigns: Array<Facet>, 
/**
 * Agents of any leg.
 */
agents: Array<Facet>, 
/**
 * Outcomes of calls.
 */
outcomes: Array<Facet>, 
/**
 * Outcomes of legs.
 */
legOutcomes: Array<Facet>, 
/**
 * Causes of calls.
 */
causes: Array<Facet>, };

/**
 * A number that called more than once.
 */
export type Caller = { 
/**
 * The number.
 */
number: string, 
/**
 * Its inbound calls.
 */
calls: number, 
/**
 * Of them answered.
 */
answered: number, 
/**
 * The first, server-local text.
 */
firstAt: string, 
/**
 * The last, server-local text.
 */
lastAt: string, 
/**
 * The campaign of the last.
 */
campaign: string, 
/**
 * Whether a call in or out was answered after the last one nobody answered; `None` when each was answered.
 */
reachedLater: boolean | null, };

/**
 * Numbers that called more than once, the most frequent first.
 */
export type Callers = { 
/**
 * How many there are.
 */
total: number, 
/**
 * The most frequent of them.
 */
callers: Array<Caller>, };

/**
 * One agent's calls of a stretch of time.
 */
export type AgentCalls = { 
/**
 * All of them.
 */
count: number, 
/**
 * The newest, the newest first.
 */
calls: Array<Call>, };

/**
 * A search with what narrows it.
 */
export type Query = { 
/**
 * What the server is asked.
 */
search: Search, 
/**
 * What narrows its answer here.
 */
local: LocalFilter, };

/**
 * A search read from text.
 */
export type ReadQuery = { 
/**
 * What was understood.
 */
query: Query, 
/**
 * Fields understood.
 */
understood: number, 
/**
 * Parts that were not, as written.
 */
ignored: Array<string>, };

/**
 * One place a recording may be.
 */
export type Place = { 
/**
 * Host.
 */
host: "telephony" | "backup", 
/**
 * Day folder `yyyymmdd`; `None` the root.
 */
day: string | null, 
/**
 * Encoding, from the file's ending.
 */
format: "mp3" | "gsm", };

/**
 * How one place answered.
 */
export type PlaceAnswer = "found" | "notFound" | "notAudio" | "empty" | "forbidden" | "unreachable" | "timeout" | "error";

/**
 * What one place answered.
 */
export type Attempt = { 
/**
 * Where.
 */
place: Place, 
/**
 * HTTP status; `None` when no answer came.
 */
status: number | null, 
/**
 * What came back.
 */
outcome: PlaceAnswer, 
/**
 * Milliseconds it took.
 */
millis: number, };

/**
 * How the search for one recording goes.
 */
export type LocateUpdate = { "kind": "looking" } | { "kind": "tried", 
/**
 * What it said.
 */
attempt: Attempt, } | { "kind": "converting" } | { "kind": "lookingAgain", 
/**
 * Which round, from 1.
 */
round: number, 
/**
 * Of how many.
 */
rounds: number, } | { "kind": "found", 
/**
 * Where.
 */
place: Place, 
/**
 * Milliseconds since the search began.
 */
millis: number, 
/**
 * Whether it was on this computer already.
 */
cached: boolean, } | { "kind": "moved", 
/**
 * Where.
 */
place: Place, 
/**
 * Provably the same file; else another copy, heard on from the same second.
 */
sameBytes: boolean, } | { "kind": "failed", 
/**
 * Why.
 */
problem: Problem, };

/**
 * Where a tag stands between this program and the server.
 */
export type TagState = "sending" | "pending" | "confirmed" | "notConfirmed" | "unknown" | "failed";

/**
 * A tag known here.
 */
export type Tag = { 
/**
 * The call.
 */
guid: string, 
/**
 * The text, as sent.
 */
text: string, 
/**
 * Where it stands.
 */
state: TagState, 
/**
 * When it was sent or learned, epoch milliseconds.
 */
atMs: number, 
/**
 * Why it failed.
 */
problem: Problem | null, };

/**
 * A colour.
 */
export type Tone = "ok" | "warn" | "bad";

/**
 * A colour of the total.
 */
export type Band = { 
/**
 * From this percentage.
 */
from: number, 
/**
 * What it is called.
 */
name: string, 
/**
 * Its colour.
 */
tone: Tone, };

/**
 * A card to begin with: copied, then changed.
 */
export type StartingCard = { 
/**
 * What it is for, in a few words.
 */
about: string, 
/**
 * As version 0, with a key that a copy replaces.
 */
card: Card, };

/**
 * An answer to choose.
 */
export type ChoiceOption = { 
/**
 * What it says.
 */
label: string, 
/**
 * What it earns of the weight, percent.
 */
percent: number, };

/**
 * How a question is answered.
 */
export type Kind = { "kind": "yesNo" } | { "kind": "scale", 
/**
 * Lowest, 0 or more.
 */
low: number, 
/**
 * Highest, at most 10.
 */
high: number, } | { "kind": "choice", 
/**
 * Two to nine.
 */
options: Array<ChoiceOption>, };

/**
 * When a comment must be written.
 */
export type CommentRule = "never" | "whenLess" | "always";

/**
 * One question.
 */
export type Question = { 
/**
 * Key within the card, the same in every version.
 */
id: string, 
/**
 * The question.
 */
text: string, 
/**
 * What to listen for.
 */
help: string, 
/**
 * How it is answered.
 */
kind: Kind, 
/**
 * Its part of the total, above 0, against the others' weights.
 */
weight: number, 
/**
 * The worst answer makes the whole score zero: no, the lowest number of the scale, the choice that earns least (of
 * several that earn least each one; none when all earn the same and more than nothing).
 */
fatal: boolean, 
/**
 * May be "not applicable"; its weight then falls to the others.
 */
optional: boolean, 
/**
 * When a comment must be written.
 */
comment: CommentRule, };

/**
 * Questions that belong together.
 */
export type Section = { 
/**
 * Key within the card.
 */
id: string, 
/**
 * Heading.
 */
title: string, 
/**
 * In the order shown.
 */
questions: Array<Question>, };

/**
 * A scorecard in one version. A saved version never changes.
 */
export type Card = { 
/**
 * Key of all versions.
 */
id: string, 
/**
 * 1 for the first; 0 for one never saved.
 */
version: number, 
/**
 * What it is called.
 */
name: string, 
/**
 * In the order shown.
 */
sections: Array<Section>, 
/**
 * Colours of the total; what is below all of them has none.
 */
bands: Array<Band>, };

/**
 * What was answered.
 */
export type Value = { "kind": "yes" } | { "kind": "no" } | { "kind": "scale", 
/**
 * The number.
 */
value: number, } | { "kind": "choice", 
/**
 * Its place, from 0.
 */
index: number, } | { "kind": "notApplicable" };

/**
 * An answer, perhaps not given yet, and its comment.
 */
export type Answer = { 
/**
 * `None`: not answered yet.
 */
value: Value | null, 
/**
 * Comment; may be empty.
 */
comment: string, };

/**
 * A section's own score.
 */
export type ScoredSection = { 
/**
 * The section.
 */
id: string, 
/**
 * 0 to 100; `None` when nothing that counts was answered.
 */
percent: number | null, };

/**
 * One question's part.
 */
export type ScoredItem = { 
/**
 * The question.
 */
id: string, 
/**
 * What the answer earns of the question, 0 to 100; `None` when not answered or not applicable.
 */
percent: number | null, 
/**
 * The question's part of the total as answered so far, percent; 0 when it does not count.
 */
share: number, };

/**
 * What the answers amount to.
 */
export type Scored = { 
/**
 * Of what was answered, 0 to 100; `None` when nothing that counts was.
 */
percent: number | null, 
/**
 * The same without the fatal ones' effect.
 */
beforeFatal: number | null, 
/**
 * Fatal questions that failed.
 */
fatal: Array<string>, 
/**
 * Questions answered, "not applicable" included.
 */
answered: number, 
/**
 * Questions in all.
 */
questions: number, 
/**
 * Questions without an answer.
 */
missing: Array<string>, 
/**
 * Questions whose comment is required and not there.
 */
commentsMissing: Array<string>, 
/**
 * By section, in the card's order.
 */
sections: Array<ScoredSection>, 
/**
 * By question, in the card's order.
 */
items: Array<ScoredItem>, 
/**
 * Name of the band the total is in.
 */
band: string | null, 
/**
 * Its colour.
 */
tone: Tone | null, };

/**
 * How a finished review was handed to the agent: the day (`yyyy-MM-dd`) of each step taken.
 */
export type Feedback = { 
/**
 * The agent was told.
 */
given: string | null, 
/**
 * The agent accepts it.
 */
acknowledged: string | null, 
/**
 * The agent does not.
 */
disputed: string | null, 
/**
 * What was disputed is settled.
 */
settled: string | null, };

/**
 * A step of handing a review to the agent.
 */
export type FeedbackStep = "given" | "acknowledged" | "disputed" | "settled";

/**
 * A call being judged, or judged.
 */
export type Review = { 
/**
 * Key.
 */
id: number, 
/**
 * The call.
 */
call: Call, 
/**
 * The card, in the version it is judged with.
 */
card: Card, 
/**
 * Whether a newer version of the card exists.
 */
newerCard: boolean, 
/**
 * Who judges.
 */
reviewer: string, 
/**
 * The calibration it belongs to.
 */
calibration: string | null, 
/**
 * By question.
 */
answers: { [key in string]: Answer }, 
/**
 * About the whole call, for the agent.
 */
comment: string, 
/**
 * What it amounts to.
 */
scored: Scored, 
/**
 * Epoch milliseconds; `None` while it is being judged.
 */
finishedMs: number | null, 
/**
 * How the agent was told of it, and what they said.
 */
feedback: Feedback, };

/**
 * Which reviews a list shows.
 */
export type ReviewFilter = { 
/**
 * Of this call; empty is any.
 */
guid: string, 
/**
 * Part of the agent's, campaign's or reviewer's name; empty is any.
 */
text: string, 
/**
 * Only those not finished.
 */
open: boolean, 
/**
 * Only those finished: what a report counts.
 */
finished: boolean, 
/**
 * Only those in which this question was asked, by its key; empty is any.
 */
question: string, 
/**
 * Only those in which a fatal question failed; with a question, in which that one did.
 */
fatal: boolean, 
/**
 * Only those with this score, 0 to 100; with a question, in which it earned so much.
 */
score: number | null, 
/**
 * Only those a report is made of that is narrowed like this.
 */
within: ReportFilter, };

/**
 * A review in a list.
 */
export type ReviewLine = { 
/**
 * Key.
 */
id: number, 
/**
 * The call.
 */
guid: string, 
/**
 * When the call began, server-local text.
 */
callAt: string, 
/**
 * Who was judged.
 */
agent: string, 
/**
 * Campaign with its suffix.
 */
campaign: string, 
/**
 * Who judged.
 */
reviewer: string, 
/**
 * The card's name.
 */
card: string, 
/**
 * 0 to 100; `None` when nothing counted.
 */
percent: number | null, 
/**
 * A fatal question failed.
 */
fatal: boolean, 
/**
 * Colour of the total.
 */
tone: Tone | null, 
/**
 * Epoch milliseconds; `None` while being judged.
 */
finishedMs: number | null, 
/**
 * How the agent was told of it, and what they said.
 */
feedback: Feedback, 
/**
 * The second of its call's first note; `None` without any.
 */
notedSecs: number | null, };

/**
 * A finished review of one agent, as the page about them shows it.
 */
export type AgentReview = { 
/**
 * Key.
 */
id: number, 
/**
 * The call.
 */
guid: string, 
/**
 * The card's name.
 */
card: string, 
/**
 * 0 to 100; `None` when nothing counted.
 */
score: number | null, 
/**
 * A fatal question failed.
 */
fatal: boolean, 
/**
 * Of the band the score is in; `None` without a band.
 */
tone: Tone | null, 
/**
 * Epoch milliseconds.
 */
finishedAt: number, 
/**
 * When the call began, server-local text; `None` when the record did not say.
 */
callAt: string | null, };

/**
 * A finished review that raised an alert, once, until somebody has seen to it.
 */
export type ReviewAlert = { 
/**
 * The review, which is its name.
 */
review: number, 
/**
 * The call.
 */
guid: string, 
/**
 * Who was judged.
 */
agent: string, 
/**
 * Campaign with its suffix.
 */
campaign: string, 
/**
 * Who judged.
 */
reviewer: string, 
/**
 * The card's key.
 */
card: string, 
/**
 * The card's name.
 */
cardName: string, 
/**
 * The score as it was finished, 0 to 100; `None` when nothing counted.
 */
score: number | null, 
/**
 * The score it is under; `None`: it was raised for the fatal question alone.
 */
under: number | null, 
/**
 * A fatal question failed.
 */
fatal: boolean, 
/**
 * When the review was finished, epoch milliseconds.
 */
raisedMs: number, 
/**
 * When somebody said that they see to it.
 */
acknowledgedMs: number | null, 
/**
 * Who.
 */
acknowledgedBy: string | null, 
/**
 * Quiet until then.
 */
snoozedUntilMs: number | null, };

/**
 * A note at a time of a call.
 */
export type Note = { 
/**
 * Key.
 */
id: number, 
/**
 * The call.
 */
guid: string, 
/**
 * Seconds of the recording.
 */
atSecs: number, 
/**
 * What it says.
 */
text: string, 
/**
 * Goes into what the agent is given; else for reviewers alone.
 */
shared: boolean, 
/**
 * Who wrote it.
 */
reviewer: string, 
/**
 * Epoch milliseconds.
 */
madeMs: number, };

/**
 * A note found by its words.
 */
export type NoteFound = { 
/**
 * The note.
 */
note: Note, 
/**
 * Its call, to go there.
 */
call: Call, };

/**
 * Calls a part of the reviews is to be of.
 */
export type ShareOf = { "kind": "disposition", 
/**
 * Its name; capitals and accents do not matter.
 */
name: string, } | { "kind": "campaign", 
/**
 * Its name with its suffix.
 */
name: string, } | { "kind": "atLeast", 
/**
 * Seconds of talk.
 */
secs: number, } | { "kind": "direction", 
/**
 * Which.
 */
direction: Direction, };

/**
 * A part of the reviews of each agent that is agreed on.
 */
export type ReviewShare = { 
/**
 * Its name for the program.
 */
id: string, 
/**
 * Of a month's reviews, percent, 1 to 100.
 */
percent: number, 
/**
 * Which calls.
 */
of: ShareOf, };

/**
 * Of whom, of when, and what was agreed.
 */
export type ShareRequest = { 
/**
 * First day of the calls, `yyyy-MM-dd`.
 */
from: string, 
/**
 * Last day of the calls.
 */
to: string, 
/**
 * Agents, by the names of call records.
 */
people: Array<string>, 
/**
 * Reviews each is to have; 0: nothing is agreed.
 */
quota: number, 
/**
 * The shares.
 */
shares: Array<ReviewShare>, };

/**
 * What is missing of a share with one agent.
 */
export type SharePerson = { 
/**
 * Who.
 */
agent: string, 
/**
 * Reviews made.
 */
reviews: number, 
/**
 * Reviews that are to be of such calls, rounded up.
 */
wanted: number, 
/**
 * Reviews that are.
 */
has: number, 
/**
 * Reviews of calls nobody knows it of.
 */
unknown: number, 
/**
 * Calls missing, were none of the unknown ones such a call.
 */
missing: number, 
/**
 * Calls missing, were all of them.
 */
least: number, };

/**
 * What is missing of a share, of everybody asked about.
 */
export type ShareState = { 
/**
 * The share's name for the program.
 */
id: string, 
/**
 * Calls missing in all: what is missing of each, added up.
 */
missing: number, 
/**
 * So many of them surely: those nobody knows it of may be what is missing.
 */
least: number, 
/**
 * Reviews of calls nobody knows it of.
 */
unknown: number, 
/**
 * By agent, in the order asked.
 */
people: Array<SharePerson>, };

/**
 * What to draw.
 */
export type SampleRequest = { 
/**
 * What it is called.
 */
name: string, 
/**
 * First moment, server-local `yyyy-MM-dd HH:mm:ss`.
 */
from: string, 
/**
 * Last moment.
 */
to: string, 
/**
 * Campaign with its suffix; empty is any.
 */
campaign: string, 
/**
 * Agents; empty is everybody found.
 */
agents: Array<string>, 
/**
 * Calls for each agent, 1 to 100.
 */
perAgent: number, 
/**
 * Calls for single agents in place of that, up to 100; 0: none.
 */
each: { [key in string]: number }, 
/**
 * Calls of this direction alone; `None` is any.
 */
direction: Direction | null, 
/**
 * Calls known to have this disposition, on whatever level; empty is any.
 */
disposition: string, 
/**
 * Shortest talk, seconds.
 */
minSecs: number, 
/**
 * Longest talk, seconds; `None` is any.
 */
maxSecs: number | null, 
/**
 * Leave out calls judged here or waiting in another worklist.
 */
skipReviewed: boolean, 
/**
 * The card to judge with.
 */
card: string, 
/**
 * The same seed over the same calls draws the same sample; `None` takes a new one.
 */
seed: number | null, 
/**
 * The longest silence is this long or longer, seconds.
 */
silenceSecs: number | null, 
/**
 * At least so many of a hundred seconds are silent.
 */
silencePercent: number | null, 
/**
 * At least so many seconds sound like hold.
 */
holdSecs: number | null, 
/**
 * In at least so many of a hundred seconds both sides speak.
 */
overlapPercent: number | null, 
/**
 * It is this quiet or quieter, decibels of full scale.
 */
quieterDb: number | null, 
/**
 * Half a second of it or more is clipped.
 */
clipped: boolean, };

/**
 * An agent with fewer calls than wanted.
 */
export type Shortfall = { 
/**
 * Who.
 */
agent: string, 
/**
 * Calls drawn.
 */
drawn: number, 
/**
 * Calls wanted.
 */
wanted: number, };

/**
 * Who gave a worklist to whom, the last time.
 */
export type Handed = { 
/**
 * Who gave it.
 */
by: string, 
/**
 * Who is to go on with it.
 */
to: string, 
/**
 * Epoch milliseconds.
 */
atMs: number, 
/**
 * It came here, in a file of another computer; else it was given away here.
 */
taken: boolean, };

/**
 * Whether this computer has the card of a worklist somebody hands on.
 */
export type CardHere = "same" | "new" | "differs";

/**
 * What is in a file of a worklist, and what of it is here already; nothing is changed by looking.
 */
export type HandedFound = { 
/**
 * What the worklist is called.
 */
name: string, 
/**
 * Who hands it on.
 */
by: string, 
/**
 * Who is to go on with it.
 */
to: string, 
/**
 * When it was handed on, epoch milliseconds.
 */
atMs: number, 
/**
 * The card's name.
 */
card: string, 
/**
 * The card's version.
 */
version: number, 
/**
 * Whether that card is here.
 */
cardHere: CardHere, 
/**
 * What the worklist is called here; `None`: it is new here.
 */
here: string | null, 
/**
 * Calls in it.
 */
calls: number, 
/**
 * To be judged.
 */
open: number, 
/**
 * Judged.
 */
done: number, 
/**
 * Left out with a reason.
 */
skipped: number, 
/**
 * Finished reviews.
 */
reviews: number, 
/**
 * Of those, already here.
 */
reviewsHere: number, 
/**
 * Reviews begun and not finished.
 */
drafts: number, 
/**
 * Notes.
 */
notes: number, 
/**
 * Of those, already here.
 */
notesHere: number, };

/**
 * A worklist, in a list of them.
 */
export type Sample = { 
/**
 * Key.
 */
id: number, 
/**
 * What was drawn, with the seed taken.
 */
request: SampleRequest, 
/**
 * Epoch milliseconds.
 */
madeMs: number, 
/**
 * Calls in it.
 */
calls: number, 
/**
 * Judged.
 */
done: number, 
/**
 * Left out with a reason.
 */
skipped: number, 
/**
 * The call being worked on, to go on there.
 */
at: string | null, 
/**
 * Who gave it to whom, the last time; `None`: nobody ever did.
 */
handed: Handed | null, };

/**
 * What came of taking a worklist in.
 */
export type TakenIn = { 
/**
 * The worklist, as it is now.
 */
sample: Sample, 
/**
 * Finished reviews that are new here, or newer than those here.
 */
reviews: number, 
/**
 * Reviews to go on with where somebody else stopped.
 */
drafts: number, 
/**
 * Notes that are new here.
 */
notes: number, };

/**
 * How drawing goes.
 */
export type SampleUpdate = { "kind": "reading", 
/**
 * Calls read so far.
 */
calls: number, } | { "kind": "measuring", 
/**
 * Measured so far.
 */
done: number, 
/**
 * Of so many.
 */
total: number, } | { "kind": "done", 
/**
 * The worklist.
 */
sample: Sample, 
/**
 * Agents with fewer calls than wanted.
 */
shortfalls: Array<Shortfall>, 
/**
 * Calls of the period nothing could be said about, because what can be heard of them is not known.
 */
unjudged: number, 
/**
 * Calls of the period that may have the disposition asked for: theirs is not known here.
 */
undisposed: number, } | { "kind": "cancelled" } | { "kind": "failed", 
/**
 * Why.
 */
problem: Problem, };

/**
 * Where a call of a worklist stands.
 */
export type ItemState = "open" | "done" | "skipped";

/**
 * A call of a worklist.
 */
export type SampleItem = { 
/**
 * The call.
 */
call: Call, 
/**
 * Where it stands.
 */
state: ItemState, 
/**
 * Why it was left out.
 */
reason: string, 
/**
 * Its score once judged.
 */
percent: number | null, };

/**
 * One calibration.
 */
export type Calibration = { 
/**
 * Key, the same on every reviewer's computer.
 */
id: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * The call.
 */
call: Call, 
/**
 * The card, in the version used.
 */
card: Card, 
/**
 * How many reviews open it.
 */
people: number, 
/**
 * Folder where review files are exchanged; `None`: by hand.
 */
folder: string | null, 
/**
 * Whose reviews are in.
 */
reviewers: Array<string>, 
/**
 * Whether all are in: then the answers may be seen.
 */
open: boolean, 
/**
 * Epoch milliseconds.
 */
madeMs: number, };

/**
 * One reviewer against the others.
 */
export type ComparedReviewer = { 
/**
 * Who.
 */
reviewer: string, 
/**
 * Total, 0 to 100.
 */
percent: number | null, 
/**
 * Total less the mean of all totals, points: above 0 is milder than the others.
 */
leaning: number | null, 
/**
 * Mean distance from the mean of each question, points.
 */
distance: number | null, 
/**
 * About the whole call.
 */
comment: string, };

/**
 * One question as each reviewer answered it.
 */
export type ComparedItem = { 
/**
 * The question.
 */
id: string, 
/**
 * Its text.
 */
text: string, 
/**
 * In the order of the reviewers.
 */
answers: Array<Answer>, 
/**
 * What each answer earns, 0 to 100; `None` when it does not count.
 */
percents: Array<number | null>, 
/**
 * Highest less lowest, points; `None` with fewer than two that count.
 */
spread: number | null, 
/**
 * Whether all gave the same answer.
 */
agreed: boolean, };

/**
 * How far reviewers are apart.
 */
export type Compared = { 
/**
 * By reviewer, by name.
 */
reviewers: Array<ComparedReviewer>, 
/**
 * By question, in the card's order.
 */
items: Array<ComparedItem>, 
/**
 * Highest total less the lowest, points; `None` with fewer than two totals.
 */
spread: number | null, 
/**
 * Questions on which all agree, percent; `None` without questions.
 */
agreement: number | null, };

/**
 * Which reviews; empty text is any.
 */
export type ReportFilter = { 
/**
 * First day of the calls, `yyyy-MM-dd`.
 */
from: string, 
/**
 * Last day of the calls.
 */
to: string, 
/**
 * Who was judged.
 */
agent: string, 
/**
 * Campaign with its suffix.
 */
campaign: string, 
/**
 * Who judged.
 */
reviewer: string, 
/**
 * Key of the card.
 */
card: string, };

/**
 * What a report is by.
 */
export type ReportBy = "agent" | "question" | "reviewer" | "campaign" | "day" | "month";

/**
 * One line of a report.
 */
export type ReportRow = { 
/**
 * Agent, question, day …
 */
key: string, 
/**
 * The question's own key, to find what its figures are made of; empty for anything else.
 */
question: string, 
/**
 * Reviews.
 */
reviews: number, 
/**
 * Those that have a figure.
 */
scored: number, 
/**
 * Mean, 0 to 100; `None` without figures.
 */
average: number | null, 
/**
 * Lowest.
 */
lowest: number | null, 
/**
 * Highest.
 */
highest: number | null, 
/**
 * Reviews in which a fatal question failed; of a question: how often it failed fatally.
 */
fatal: number, };

/**
 * A combination the contact centre's dialer knows, or may know.
 */
export type Disposition = { 
/**
 * Campaign with its suffix.
 */
campaign: string, 
/**
 * Level 1.
 */
level1: string, 
/**
 * Level 2, may be empty.
 */
level2: string, 
/**
 * Level 3, may be empty.
 */
level3: string, 
/**
 * How often the server took it from here.
 */
times: number, };

/**
 * Which entries; empty text is any.
 */
export type AuditFilter = { 
/**
 * The operation, whole.
 */
operation: string, 
/**
 * Part of the target, of what was sent, or of who did it.
 */
text: string, 
/**
 * From, epoch milliseconds.
 */
fromMs: number | null, 
/**
 * Before, epoch milliseconds.
 */
untilMs: number | null, };

/**
 * What a backup holds.
 */
export type BackupContent = { 
/**
 * Where it is.
 */
path: string, 
/**
 * Bytes.
 */
bytes: number, 
/**
 * Rows by table, tables with none left out.
 */
rows: Array<[string, number]>, };

/**
 * What the player is doing.
 */
export type Phase = "empty" | "buffering" | "playing" | "paused" | "ended" | "failed";

/**
 * How the person wants to hear recordings.
 */
export type Hearing = { 
/**
 * 0.5 to 3 times as fast as it was spoken, at the same pitch.
 */
speed: number, 
/**
 * Leave long silences out.
 */
skipSilence: boolean, 
/**
 * Bring quiet voices up and loud ones down to the same loudness.
 */
levelled: boolean, 
/**
 * -1 only the left channel, 0 both as recorded, 1 only the right one.
 */
balance: number, 
/**
 * Seconds it goes back when it goes on after a pause, 0 to 10.
 */
stepBackSecs: number, };

/**
 * A stretch of the recording.
 */
export type Span = { 
/**
 * Its beginning, seconds.
 */
fromSecs: number, 
/**
 * Its end, seconds.
 */
toSecs: number, };

/**
 * The waveform of a part of the recording, looked at closely.
 */
export type Detail = { 
/**
 * One column each, 0 to 255, loudest sample of its stretch: of the only channel, or of the left one. Columns that
 * are not known yet are missing at the end.
 */
left: Array<number>, 
/**
 * The same of the right channel; empty when there is one channel.
 */
right: Array<number>, };

/**
 * The transport, sent on every change and 20 times a second while playing.
 */
export type Transport = { 
/**
 * What it is doing.
 */
phase: Phase, 
/**
 * Seconds from the start, of the sample now leaving the loudspeaker.
 */
positionSecs: number, 
/**
 * Seconds; `None` until it can be known.
 */
durationSecs: number | null, 
/**
 * False while the duration is an estimate from the size.
 */
durationExact: boolean, 
/**
 * Seconds decodable without waiting for the network, from the start of the stretch the position is in.
 */
bufferedSecs: number, 
/**
 * Channels of the recording: 1 or 2; `None` until known.
 */
channels: number | null, 
/**
 * 0 to 1.
 */
volume: number, 
/**
 * How it is heard.
 */
hearing: Hearing, 
/**
 * A: where what is repeated begins, seconds; alone it repeats nothing yet.
 */
loopFromSecs: number | null, 
/**
 * B: where it ends, seconds.
 */
loopToSecs: number | null, 
/**
 * Seconds of silence left out so far.
 */
savedSecs: number, 
/**
 * Code of what went wrong (`truncated`, `notAudio`, `empty`, `tooShort`, `noDevice`, `readFailed`, or what the
 * source of the bytes says): fatal when `phase` is `failed`, else a warning beside sound that goes on.
 */
problem: string | null, 
/**
 * Second at which the sound breaks off, when the recording is cut or the rest of it cannot be had.
 */
endsAtSecs: number | null, 
/**
 * Seconds it would have by the size the server declared; `None` unless the sound breaks off before.
 */
meantToLastSecs: number | null, 
/**
 * Second it went on at instead of the start; `None` once the person went elsewhere.
 */
resumedAtSecs: number | null, 
/**
 * Times the loudspeaker had to be fed silence since the recording was loaded.
 */
underruns: number, 
/**
 * Wishes for a place, a volume, a way of hearing or a loop that are in this, of all the player was ever told. What was
 * wished later is not in it yet.
 */
obeyed: number, };

/**
 * A stretch of the waveform, as it becomes known.
 */
export type Peaks = { 
/**
 * Index of the first bar.
 */
from: number, 
/**
 * Bars a second.
 */
perSecond: number, 
/**
 * One bar each, 0 to 255, loudest sample of its stretch: of the only channel, or of the left one.
 */
bars: Array<number>, 
/**
 * The same of the right channel; empty when there is one channel.
 */
right: Array<number>, 
/**
 * Silences that became known: what is left out when silence is skipped from the start.
 */
silences: Array<Span>, };

/**
 * What one side's sound comes to.
 */
export type SideFigures = { 
/**
 * Seconds it speaks.
 */
talkSecs: number, 
/**
 * As [`SoundFigures::level_db`].
 */
levelDb: number | null, 
/**
 * As [`SoundFigures::clipped_secs`].
 */
clippedSecs: number, };

/**
 * What a recording's sound comes to, without a word of it understood. Seconds are of the part measured.
 */
export type SoundFigures = { 
/**
 * Seconds measured.
 */
measuredSecs: number, 
/**
 * Whether that is all of it: false for a file that breaks off.
 */
whole: boolean, 
/**
 * Seconds in which nothing is heard for two seconds or longer.
 */
silenceSecs: number, 
/**
 * The longest of these, seconds; 0 where there is none.
 */
longestSilenceSecs: number, 
/**
 * Seconds that sound like hold: eight seconds or longer of tones, a beat, or sound without the ups and downs of
 * speech.
 */
holdSecs: number, 
/**
 * How loud what sounds outside of hold is, RMS in decibels of full scale; `None` when nothing sounds.
 */
levelDb: number | null, 
/**
 * Seconds in which the tops are cut off, in fiftieths.
 */
clippedSecs: number, 
/**
 * Seconds in which both sides speak for half a second or longer; `None` with one channel.
 */
overlapSecs: number | null, 
/**
 * Left and right; empty with one channel, or the same on both.
 */
sides: Array<SideFigures>, };

/**
 * What a stretch of sound is.
 */
export type SoundKind = "silence" | "hold" | "overlap" | "clipping";

/**
 * A stretch of the recording that is worth pointing at.
 */
export type SoundStretch = { 
/**
 * What it is.
 */
kind: SoundKind, 
/**
 * Its beginning, seconds.
 */
fromSecs: number, 
/**
 * Its end, seconds.
 */
toSecs: number, };

/**
 * What a recording's sound comes to, and where.
 */
export type SoundReport = { 
/**
 * All in all.
 */
figures: SoundFigures, 
/**
 * In order of time.
 */
stretches: Array<SoundStretch>, };

/**
 * Language of the window.
 */
export type Language = "es" | "pt-BR" | "en";

/**
 * Colours of the window.
 */
export type Theme = "system" | "light" | "dark";

/**
 * Hours of every day in which alerts are not heard, by this computer's clock.
 */
export type QuietHours = { 
/**
 * First minute of the local day, 0 to 1439.
 */
fromMin: number, 
/**
 * First minute that is not quiet any more; before `from_min`: of the next day. The same: never quiet.
 */
untilMin: number, };

/**
 * Which hours a report is of.
 */
export type DailyPeriod = "yesterday" | "today" | "shift";

/**
 * A report that is made by itself every day.
 */
export type DailyReport = { 
/**
 * Whether it is made.
 */
on: boolean, 
/**
 * At which minute of the server's day, 0 to 1439.
 */
atMin: number, 
/**
 * On which days of the week, 0 Monday to 6 Sunday, by the server's clock.
 */
days: Array<number>, 
/**
 * Which hours it is of.
 */
period: DailyPeriod, 
/**
 * As a page to print.
 */
page: boolean, 
/**
 * As a spreadsheet's file.
 */
table: boolean, };

/**
 * A report that the window is to make.
 */
export type DailyDue = { 
/**
 * Its number, for the answer.
 */
id: number, 
/**
 * The hours it is of.
 */
period: Period, 
/**
 * As a page to print.
 */
page: boolean, 
/**
 * As a spreadsheet's file.
 */
table: boolean, };

/**
 * A report that was made, or was to be.
 */
export type DailyMade = { 
/**
 * When, epoch milliseconds.
 */
atMs: number, 
/**
 * The hours it is of.
 */
period: Period, 
/**
 * Its hour had passed: nobody was signed in then.
 */
late: boolean, 
/**
 * A person asked for it.
 */
byHand: boolean, 
/**
 * The files that were written.
 */
files: Array<string>, 
/**
 * What went wrong.
 */
problem: Problem | null, };

/**
 * How it stands with the daily report.
 */
export type DailyState = { 
/**
 * Where reports are put; `None`: nobody has chosen yet.
 */
folder: string | null, 
/**
 * When the next one is due, epoch milliseconds; `None`: never.
 */
nextMs: number | null, 
/**
 * The server's clock minus coordinated universal time, seconds; `None`: this computer's.
 */
offsetSecs: number | null, 
/**
 * The one that the window is to make now.
 */
due: DailyDue | null, 
/**
 * The last ones, the latest first.
 */
made: Array<DailyMade>, };

/**
 * What the window made, or why it could not.
 */
export type DailyContent = { 
/**
 * The number of the one that was due.
 */
id: number, 
/**
 * The page, where one was asked for.
 */
page: Page | null, 
/**
 * The rows of the spreadsheet's file, where one was asked for.
 */
rows: Array<Array<string>> | null, 
/**
 * What parts its cells.
 */
separator: Separator, 
/**
 * Why there is neither.
 */
problem: Problem | null, };

/**
 * A call of a worklist that somebody holds.
 */
export type HeldCall = { 
/**
 * The call.
 */
guid: string, 
/**
 * Who.
 */
by: string, 
/**
 * It is this person.
 */
mine: boolean, };

/**
 * One thing to be told.
 */
export type TeamNews = { 
/**
 * Its number here.
 */
id: number, 
/**
 * Epoch milliseconds.
 */
atMs: number, 
/**
 * Why, a stable code: `notThem`, `notTheirs`, `over`, `held`, `removed`, `leadOnly`, `nothing`, `early`, `first`, `notTaken`;
 * `meanwhile`: it holds, and others saved the same card.
 */
why: string, 
/**
 * Who is meant, what was said, or which card; empty where nobody is.
 */
who: string, 
/**
 * Of `meanwhile`: the versions of the card, this desk's own first.
 */
versions: Array<number>, 
/**
 * What it is about: the kind of thing, by its name in the log.
 */
about: string, 
/**
 * All that was in it, to be copied; empty where it holds.
 */
content: string, };

/**
 * What a pattern comes to.
 */
export type RecordingNames = { 
/**
 * The name of an example, with its ending.
 */
example: string, 
/**
 * What stands in braces and is nothing, each once, without the braces.
 */
unknown: Array<string>, 
/**
 * A brace stands alone.
 */
unclosed: boolean, 
/**
 * What can stand in braces.
 */
known: Array<string>, };

/**
 * Who takes the message.
 */
export type WebhookForm = "teams" | "slack" | "plain";

/**
 * What kept a message from arriving, or its answer from being heard.
 */
export type WebhookHindrance = "unknownHost" | "unreachable" | "certificate" | "timeout" | "cut";

/**
 * What became of a message.
 */
export type WebhookOutcome = { "kind": "done", 
/**
 * HTTP status, 200 to 299.
 */
status: number, } | { "kind": "refused", 
/**
 * HTTP status; `None`: it never left this computer, and `why` says what kept it.
 */
status: number | null, 
/**
 * The first line of what the server said, bounded, without the address.
 */
said: string | null, 
/**
 * What kept it here.
 */
why: WebhookHindrance | null, } | { "kind": "unknown", 
/**
 * What became of the answer.
 */
why: WebhookHindrance, };

/**
 * Which alerts a chat is told of, and how.
 */
export type WebhookChoice = { 
/**
 * Whether it is told at all.
 */
on: boolean, 
/**
 * Who takes the messages.
 */
form: WebhookForm, 
/**
 * Amber alerts too, not only red ones.
 */
amber: boolean, 
/**
 * Also when somebody sees to an alert.
 */
seen: boolean, 
/**
 * Also when an alert is over.
 */
over: boolean, 
/**
 * Also in quiet hours.
 */
inQuietHours: boolean, 
/**
 * Language of the messages; `None`: the window's.
 */
language: Language | null, 
/**
 * Whether the contact centre's name is in them.
 */
centre: boolean, };

/**
 * An address as it was typed.
 */
export type WebhookAddress = { 
/**
 * All of it.
 */
address: string, };

/**
 * A message that was sent.
 */
export type WebhookSent = { 
/**
 * Epoch milliseconds.
 */
atMs: number, 
/**
 * What became of it.
 */
outcome: WebhookOutcome, 
/**
 * It was a trial.
 */
test: boolean, };

/**
 * Where messages go, and what became of them since the address was given.
 */
export type WebhookState = { 
/**
 * Host of the address; `None`: there is none.
 */
host: string | null, 
/**
 * Whether it is there after the program's next start.
 */
kept: boolean, 
/**
 * Why it could not be read or kept.
 */
problem: Problem | null, 
/**
 * The last message.
 */
last: WebhookSent | null, 
/**
 * Messages that were taken.
 */
done: number, 
/**
 * That were not.
 */
refused: number, 
/**
 * Of which nobody knows.
 */
unknown: number, 
/**
 * That were never sent since the program began: too many waited, or it had stopped.
 */
leftOut: number, 
/**
 * Three were refused in a row: nothing is sent until somebody says so.
 */
stopped: boolean, };

/**
 * The texts of messages, each with names in braces where something is filled in.
 */
export type WebhookWords = { 
/**
 * Whose words they are.
 */
language: Language, 
/**
 * A figure that is wrong: `{value}`.
 */
figures: { [key in Measure]?: string }, 
/**
 * What a figure is called.
 */
measures: { [key in Measure]?: string }, 
/**
 * Of figures that should be small: `{limit}`.
 */
above: string, 
/**
 * Of figures that should be large: `{limit}`.
 */
below: string, 
/**
 * What an alert is about that is about no campaign and nobody.
 */
server: string, 
/**
 * `{at}`, hours and minutes.
 */
since: string, 
/**
 * How long it took: `{time}`.
 */
lasted: string, 
/**
 * Title of a new amber alert: `{subject}`, as in all titles.
 */
amber: string, 
/**
 * Of a new red one.
 */
red: string, 
/**
 * Of one that was amber.
 */
worse: string, 
/**
 * Of one that `{who}` sees to.
 */
seen: string, 
/**
 * Of one that is over.
 */
over: string, 
/**
 * Title of a trial.
 */
test: string, 
/**
 * What a trial says.
 */
testText: string, };

/**
 * What changed, in three languages.
 */
export type UpdateNotes = { 
/**
 * Spanish.
 */
es: string, 
/**
 * English.
 */
en: string, 
/**
 * Portuguese of Brazil.
 */
"pt-BR": string, };

/**
 * What a channel has for this computer.
 */
export type UpdateFound = { "kind": "newest" } | { "kind": "newer", 
/**
 * Which.
 */
version: string, 
/**
 * Its package.
 */
bytes: number, 
/**
 * What changed.
 */
notes: UpdateNotes, } | { "kind": "later", 
/**
 * Which.
 */
version: string, 
/**
 * Why not.
 */
why: UpdateWaits, };

/**
 * What is being done.
 */
export type UpdatePhase = { "kind": "idle" } | { "kind": "looking" } | { "kind": "fetching", 
/**
 * Bytes here by now.
 */
came: number, 
/**
 * All of them; 0: not known yet.
 */
of: number, } | { "kind": "ready", 
/**
 * Which.
 */
version: string, } | { "kind": "installing" } | { "kind": "installed", 
/**
 * Which.
 */
version: string, } | { "kind": "waits", 
/**
 * Which.
 */
version: string, };

/**
 * How things are with the next version.
 */
export type UpdateState = { 
/**
 * The version that runs.
 */
running: string, 
/**
 * The channel that is asked; `None`: updates are off.
 */
channel: string | null, 
/**
 * The administrator of this computer says which, or that there is none.
 */
given: boolean, 
/**
 * What is being done.
 */
phase: UpdatePhase, 
/**
 * What the last look brought; `None`: nobody looked since the program began.
 */
found: UpdateFound | null, 
/**
 * When that was, epoch milliseconds.
 */
lookedMs: number | null, 
/**
 * What was fetched came without the package of the version that runs: there will be no way back to it.
 */
withoutWayBack: boolean, 
/**
 * Why the last step went no further.
 */
problem: Problem | null, };

/**
 * Why a newer version is not for this computer yet.
 */
export type UpdateWaits = { "kind": "staged", 
/**
 * To so many of a hundred computers by now.
 */
percent: number, } | { "kind": "notBefore", 
/**
 * Epoch milliseconds.
 */
atMs: number, } | { "kind": "noPackage" };

/**
 * The way back to the version before.
 */
export type UpdateWayBack = { 
/**
 * Which.
 */
version: string, 
/**
 * The data come back as they were then, epoch milliseconds, and what was written since is set aside; `None`: they stay.
 */
dataOfMs: number | null, 
/**
 * The floor's history is set aside.
 */
historyAside: boolean, };

/**
 * What this desk does for the floor.
 */
export type TeamPart = "joining" | "asks" | "follows" | "waits" | "apart";

/**
 * Who asks the server.
 */
export type TeamAsker = { 
/**
 * The member.
 */
person: string, 
/**
 * Their computer.
 */
machine: string, 
/**
 * Since when, epoch milliseconds by this computer's clock.
 */
sinceMs: number, 
/**
 * It is this desk.
 */
me: boolean, };

/**
 * How this desk stands in its team.
 */
export type TeamState = { 
/**
 * What it does.
 */
part: TeamPart, 
/**
 * Who asks, or asked last; `None` before anybody did.
 */
asker: TeamAsker | null, 
/**
 * Which taking of the lease it is.
 */
epoch: number, 
/**
 * Desks that were here in the last half minute, this one included.
 */
desks: number, 
/**
 * How long the last reading took from the database to here, milliseconds; `None` for who asks, and before one.
 */
lagMs: number | null, 
/**
 * Since when the database does not answer, epoch milliseconds; `None`: it does.
 */
awaySinceMs: number | null, 
/**
 * Why it does not, or what is wrong with this desk's membership.
 */
problem: Problem | null, 
/**
 * This desk asked, and another one took over without having been let: it slept, or stood still. When it learnt of
 * it, epoch milliseconds.
 */
overtakenMs: number | null, };

/**
 * How far this desk's copy is.
 */
export type SharedState = { 
/**
 * Changes of this desk that the team has not taken yet.
 */
waiting: number, 
/**
 * Everything of the team up to this number is here.
 */
applied: number, 
/**
 * Things to be told of what became of this desk's changes, not read yet.
 */
told: number, 
/**
 * When this copy was last as the team's, epoch milliseconds by this computer's clock; `None`: not yet.
 */
levelMs: number | null, 
/**
 * Why it is not now.
 */
problem: Problem | null, };

/**
 * How somebody joins a team: an address with a password, or an invitation.
 */
export type TeamJoin = { 
/**
 * `postgres://NAME@HOST/DATABASE`.
 */
address: string, 
/**
 * The member's password.
 */
password: string, };

/**
 * A member of the team, as the window sees them.
 */
export type TeamMember = { 
/**
 * Name.
 */
name: string, 
/**
 * `supervisor`, `analyst`, `lead`.
 */
role: string, 
/**
 * Desks at which they are now.
 */
desks: number, };

/**
 * What a lead published, as it is told.
 */
export type HousePublished = { 
/**
 * Who.
 */
by: string, 
/**
 * When, epoch milliseconds by this computer's clock; `None`: the team has not taken it yet.
 */
atMs: number | null, };

/**
 * A part of the rules of the house.
 */
export type HousePart = { 
/**
 * The setting.
 */
name: string, 
/**
 * What the team has of it; `None`: nothing.
 */
published: HousePublished | null, 
/**
 * This desk goes by the team's.
 */
used: boolean, 
/**
 * A change by hand made it one's own in this run of the program: it can be undone.
 */
undoable: boolean, 
/**
 * What the team's has otherwise than one's own; empty: nothing, or the team has none.
 */
changes: Array<SettingChange>, };

/**
 * The rules of the house at this desk.
 */
export type HouseTold = { 
/**
 * Whoever sits here may publish.
 */
lead: boolean, 
/**
 * All parts.
 */
parts: Array<HousePart>, };

/**
 * The team of this desk, and how it stands in it.
 */
export type TeamTold = { 
/**
 * The database's address; `None`: this desk is in no team.
 */
address: string | null, 
/**
 * Host and database, for people.
 */
label: string, 
/**
 * The member's name.
 */
person: string, 
/**
 * The password lasts beyond this run of the program.
 */
kept: boolean, 
/**
 * How the session's floor stands; `None`: nobody is signed in, or not to a centre of the team.
 */
state: TeamState | null, 
/**
 * How far this desk's copy of the shared work is; `None` as `state`.
 */
shared: SharedState | null, 
/**
 * What of the settings is the team's; `None` as `state`.
 */
house: HouseTold | null, 
/**
 * Why it was not joined.
 */
problem: Problem | null, };

/**
 * A group of what can be done at the server.
 */
export type Offered = "people" | "calls" | "dialer" | "messages" | "blacklist";

/**
 * A key, alone or with others held.
 */
export type ChosenKey = { 
/**
 * Its place on the keyboard (`KeyboardEvent.code`), `Ctrl+`, `Alt+` and `Shift+` before it when they are held.
 */
code: string, 
/**
 * How it is written for people, on the keyboard it was chosen with.
 */
shown: string, };

/**
 * One thing that would be different. Its name is the setting's, with a part's behind a dot.
 */
export type SettingChange = { "kind": "value", 
/**
 * Which.
 */
name: string, 
/**
 * Now.
 */
before: unknown, 
/**
 * Then.
 */
after: unknown, } | { "kind": "list", 
/**
 * Which.
 */
name: string, 
/**
 * In the file alone.
 */
added: Array<string>, 
/**
 * Here alone.
 */
removed: Array<string>, 
/**
 * In both, and not the same.
 */
changed: Array<string>, } | { "kind": "whole", 
/**
 * Which.
 */
name: string, };

/**
 * What a file of settings holds, compared with the settings of now; nothing is changed by it.
 */
export type SettingsFound = { 
/**
 * Where the file is.
 */
path: string, 
/**
 * When it was made, milliseconds since 1970; `None`: it does not say.
 */
madeMs: number | null, 
/**
 * What would be different.
 */
changes: Array<SettingChange>, 
/**
 * The settings that would be different, as they would be.
 */
parts: Partial<Settings>, 
/**
 * The same as they are now: what takes it back.
 */
before: Partial<Settings>, 
/**
 * Settings of another program that this one does not know: they are passed over.
 */
unknown: Array<string>, };

/**
 * Everything a person chooses, servers aside.
 */
export type Settings = { 
/**
 * `None`: the system's language.
 */
language: Language | null, 
/**
 * Colours.
 */
theme: Theme, 
/**
 * How large everything is drawn in the main window, percent, 90 to 150.
 */
textSize: number, 
/**
 * What the contact centre is called on wallboards; empty: as the server's profile is.
 */
centreName: string, 
/**
 * Seconds between polls, 1 to 30.
 */
pollEverySecs: number, 
/**
 * Request budget, 1 to 20 a second.
 */
requestsPerSecond: number, 
/**
 * Who sits here: the account may be shared, the audit trail needs a person.
 */
reviewer: string, 
/**
 * What to do first was offered, and was taken up or put away.
 */
welcomed: boolean, 
/**
 * Output device by name; `None` the system's default.
 */
audioDevice: string | null, 
/**
 * 0 to 1.
 */
volume: number, 
/**
 * How recordings are heard.
 */
hearing: Hearing, 
/**
 * The next call of the list follows by itself when one has been heard.
 */
autoAdvance: boolean, 
/**
 * What their files are called: a pattern with names in braces, at most 200 letters.
 */
recordingNames: string, 
/**
 * Recordings are saved as WAV; else as they lie on the server.
 */
saveAsWav: boolean, 
/**
 * Bound of the recordings kept on this computer, megabytes, 50 to 20,000.
 */
cacheMaxMb: number, 
/**
 * Empty that cache when signing out.
 */
wipeCacheOnSignOut: boolean, 
/**
 * Days of the floor's history kept on this computer, 1 to 90.
 */
historyDays: number, 
/**
 * Bound of that history, megabytes, 50 to 20,000; the oldest goes first.
 */
historyMaxMb: number, 
/**
 * When figures turn amber or red, and who hears of it: one rule of all for each measure, then those of a campaign, a
 * team or a reason that differ, at most 200.
 */
rules: Array<Rule>, 
/**
 * When a finished review raises an alert: one rule for all cards, which has no card's name, and those of cards that
 * differ, at most 100. None: never.
 */
reviewRules: Array<ReviewRule>, 
/**
 * Whether an alert is heard.
 */
alertSound: boolean, 
/**
 * Whether the desktop shows a notice of it while the window is not in front.
 */
alertNotice: boolean, 
/**
 * Hours in which no alert is heard; `None`: no such hours.
 */
quietHours: QuietHours | null, 
/**
 * The report that is made every day.
 */
dailyReport: DailyReport, 
/**
 * Which alerts a chat is told of.
 */
webhook: WebhookChoice, 
/**
 * People looked at together, at most 100 teams of 2,000.
 */
teams: Array<Team>, 
/**
 * How much of a pause is too much, one for each reason, at most 200.
 */
pauseLimits: Array<PauseLimit>, 
/**
 * Wallboards, what each shows: opaque here.
 */
walls: unknown, 
/**
 * Saved views of the floor: opaque here.
 */
views: unknown, 
/**
 * The floor view's own choices (sort, filters): opaque here.
 */
floorView: unknown, 
/**
 * The calls view's own choices: opaque here.
 */
callsView: unknown, 
/**
 * Saved searches of calls: opaque here.
 */
searches: unknown, 
/**
 * Tags on the number keys, at most nine.
 */
tagPresets: Array<string>, 
/**
 * Keys in place of the usual ones, by what they do, at most 400.
 */
keys: { [key in string]: Array<ChosenKey> }, 
/**
 * Reviews each agent is to have in a month, at most 100; 0: nothing is agreed.
 */
monthlyReviews: number, 
/**
 * What part of those is to be of which calls, at most 20 shares.
 */
reviewShares: Array<ReviewShare>, 
/**
 * What this desk offers to do at the server.
 */
offered: Array<Offered>, 
/**
 * Profiles with which nothing is changed at the server, by their keys.
 */
lookOnly: Array<string>, 
/**
 * The code a telephone of this installation dials to listen to another one's call, the other extension behind it; empty:
 * nobody listens in from here.
 */
listenCode: string, 
/**
 * Where newer versions of this program are looked for; empty: nowhere.
 */
updateChannel: string, 
/**
 * Most bytes of a base on its way to the server, 20,000 to 50,000,000; more rows go in another one.
 */
baseMaxBytes: number, 
/**
 * The supervisor's own extension, where the login does not tell.
 */
ownExtension: string, 
/**
 * The telephony's context of that extension, where the login does not tell.
 */
ownContext: string, };

/**
 * Some of the settings, by name.
 */
export type SettingsParts = Partial<Settings>;

/**
 * Values that go with a call into its flow and form.
 */
export type Parameters = Array<[string, string]>;

/**
 * Other numbers of the same person, in the order they are tried.
 */
export type Alternatives = Array<string>;

/**
 * `Agents/AgentCall`: rings the agent first, and the destination once the agent has answered.
 */
export type AgentCall = { 
/**
 * The number it goes out under; may be empty.
 */
callerid: string, 
/**
 * The agent's user name.
 */
agent: string, 
/**
 * The agent's extension, without what kind of telephone it is.
 */
phone: string, 
/**
 * Which kind: `SIP`, mostly.
 */
tech: string, 
/**
 * The agent's context in the telephony; may be empty.
 */
context: string, 
/**
 * The outbound campaign that counts the call.
 */
outqueue: string, 
/**
 * Who is called: a number, or a code with `*` and `#`.
 */
destination: string, };

/**
 * `Agents/AgentCallwithData`: the same, with data for the flow and a form to open.
 */
export type AgentCallWithData = { 
/**
 * The call.
 */
call: AgentCall, 
/**
 * JSON; may be empty.
 */
data: string, 
/**
 * Name of a form, or an address to open; may be empty.
 */
form: string, };

/**
 * `Agents/HangupPhone`: cuts the call an extension is in, whoever it is with.
 */
export type HangUp = { 
/**
 * The extension, without what kind of telephone it is.
 */
phone: string, };

/**
 * One of them.
 */
export type Member = { 
/**
 * User name.
 */
name: string, 
/**
 * Extension: `1001` is `SIP/1001`; one with a slash is taken as it is.
 */
interface: string, 
/**
 * The higher, the later their telephone rings; 0 is the first.
 */
penalty: number, 
/**
 * Whether they begin paused.
 */
paused: boolean, };

/**
 * `queues/addqueuemember`: several people, one request.
 */
export type AddMembers = { 
/**
 * The campaign.
 */
campaign: string, 
/**
 * Who.
 */
members: Array<Member>, };

/**
 * Onto the list or off it.
 */
export type BlacklistChange = "add" | "remove";

/**
 * A number and what is known of whose it is; all but the number may be empty.
 */
export type BlacklistNumber = { 
/**
 * The number.
 */
phone: string, 
/**
 * The campaign it is not to be called by.
 */
campaign: string, 
/**
 * Who asks.
 */
username: string, 
/**
 * Their company.
 */
company: string, 
/**
 * What they do there.
 */
job_title: string, 
/**
 * Their name.
 */
name: string, };

/**
 * One number, or a list of them: they go to different places of the server.
 */
export type BlacklistNumbers = { "one": BlacklistNumber } | { "many": Array<BlacklistNumber> };

/**
 * `admin/addblack`, `admin/deleteblack`, and of many `…bulk`.
 */
export type Blacklist = { 
/**
 * Which way.
 */
change: BlacklistChange, 
/**
 * Which numbers.
 */
numbers: BlacklistNumbers, };

/**
 * `Dialers/Respool`: puts a contact of a base back, with other numbers, data or priority. Campaign, base and contact are
 * those it has; the status is always 1, which is "may be dialled".
 */
export type Respool = { 
/**
 * The contact's campaign.
 */
campaign: string, 
/**
 * The number to call first.
 */
destination: string, 
/**
 * The contact's base.
 */
dialerbase: string, 
/**
 * For the flow and the form.
 */
data: Parameters, 
/**
 * Numbers to call after it.
 */
alternatives: Alternatives, 
/**
 * The contact's number in the base.
 */
contact: number, 
/**
 * How often this number was tried already.
 */
retries: number, 
/**
 * The lower, the sooner; above 1, which is kept for what is scheduled.
 */
priority: number, 
/**
 * The extension of whom it is for, where the dialer is progressive; may be empty.
 */
agentphone: string, };

/**
 * `Dialers/ScheduleDialerCall`: a call at a moment.
 */
export type ScheduleCall = { 
/**
 * When, `yyyy-MM-dd HH:mm:ss`, the server's time.
 */
calldate: string, 
/**
 * The campaign of the dialer.
 */
campaign: string, 
/**
 * Whom.
 */
destination: string, 
/**
 * Other numbers.
 */
alternatives: Alternatives, 
/**
 * The extension of whom it is for, where the dialer is progressive; may be empty.
 */
agentphone: string, 
/**
 * For the flow and the form.
 */
data: Parameters, };

/**
 * How a task is called.
 */
export type TaskMode = { "kind": "priority" } | { "kind": "manual" } | { "kind": "dialer" } | { "kind": "scheduled", "at": string };

/**
 * `Dialers/DialerTask`: a call for a dialer, now or when it comes to it.
 */
export type Task = { 
/**
 * How.
 */
mode: TaskMode, 
/**
 * The campaign.
 */
campaign: string, 
/**
 * Whom.
 */
destination: string, 
/**
 * Other numbers.
 */
alternatives: Alternatives, 
/**
 * User name or extension, where the dialer is progressive; may be empty.
 */
agent: string, 
/**
 * For the flow and the form.
 */
data: Parameters, 
/**
 * Where it comes from; may be empty.
 */
source: string, };

/**
 * `Dialers/RemoveContact`: takes a number out of a campaign's dialer.
 */
export type RemoveContact = { 
/**
 * The campaign.
 */
campaign: string, 
/**
 * The number.
 */
number: string, };

/**
 * `Dialers/RemoveScheduleDialerCall`: takes back what is scheduled for a number between two moments.
 */
export type Unschedule = { 
/**
 * The campaign.
 */
campaign: string, 
/**
 * The number.
 */
destination: string, 
/**
 * From, `yyyy-MM-dd HH:mm:ss`, the server's time.
 */
from: string, 
/**
 * To, likewise.
 */
to: string, };

/**
 * `SMS/SendSMSv2`, and `SMS/SendSMS` where a server has no version two.
 */
export type SendSms = { 
/**
 * To whom.
 */
destination: string, 
/**
 * The text.
 */
message: string, 
/**
 * The campaign.
 */
campaign: string, 
/**
 * Who sends it; may be empty.
 */
agent: string, 
/**
 * The number or port it goes out from; may be empty.
 */
source: string, };

/**
 * Something that changes the contact centre. The window asks for most of them as they are, and they are kept as they came;
 * bases are made of a person's file, tags and tipificaciones of the call at hand: those are no JSON, in neither direction.
 */
export type Operation = { "operation": "agentCall" } & AgentCall | { "operation": "agentCallWithData" } & AgentCallWithData | { "operation": "hangUp" } & HangUp | { "operation": "addMembers" } & AddMembers | { "operation": "blacklist" } & Blacklist | { "operation": "respool" } & Respool | { "operation": "scheduleCall" } & ScheduleCall | { "operation": "task" } & Task | { "operation": "removeContact" } & RemoveContact | { "operation": "unschedule" } & Unschedule | { "operation": "sendSms" } & SendSms;

/**
 * One thing that cannot be right.
 */
export type Flaw = { 
/**
 * The field, as the vendor names it.
 */
field: string, 
/**
 * Stable name of what is wrong with it:
 *
 * - `empty`, `tooLong`, `tooMany`, `control` (a control character), `twice` (the same one again)
 * - `notANumber`, `notAnExtension`, `notAnInterface`, `notATech`, `notADate`, `notAGuid`, `notJson`, `notAPriority`,
 *   `notParameters` (no `name=value:name=value`)
 * - `reserved`: a sign that parts fields or values stands inside one (`;`, `:`, `=`)
 * - `keptForSchedules`: priority 1 and below
 * - `outOfRange`, `order` (the end is before the beginning)
 * - `otherCampaign`, `columns` (of a row)
 */
code: string, 
/**
 * Which one of a list, from 0.
 */
at: number | null, };

/**
 * How a message is written on the air.
 */
export type SmsAlphabet = "gsm7" | "ucs2";

/**
 * What a message costs.
 */
export type SmsLength = { 
/**
 * In which alphabet.
 */
alphabet: SmsAlphabet, 
/**
 * Units of that alphabet in all.
 */
units: number, 
/**
 * Messages it goes out as; none for no text.
 */
parts: number, 
/**
 * Units that still fit in the last part.
 */
left: number, };

/**
 * Something about to be sent, as it would go out.
 */
export type Checked = { 
/**
 * The vendor's operation.
 */
name: string, 
/**
 * Where it goes.
 */
path: string, 
/**
 * Names and values, in the vendor's order.
 */
fields: Array<[string, string]>, 
/**
 * What cannot be right about it; with any it is not sent.
 */
flaws: Array<Flaw>, 
/**
 * How long the text is, of a message.
 */
sms: SmsLength | null, };

/**
 * What became of something that was sent.
 */
export type Performed = { 
/**
 * How it ended.
 */
written: Written, 
/**
 * The call it placed.
 */
guid: string | null, 
/**
 * What the server said beside yes.
 */
said: string | null, };

/**
 * The supervisor's own telephone.
 */
export type OwnPhone = { 
/**
 * Its extension; empty when nobody told.
 */
extension: string, 
/**
 * Its context in the telephony; may be empty.
 */
context: string, 
/**
 * The login told: it is not asked for.
 */
byLogin: boolean, 
/**
 * The account's user, for whom calls are placed.
 */
user: string, };

/**
 * What a batch is of.
 */
export type BatchKind = "callBack" | "tasks" | "schedules" | "messages" | "blacklist" | "base" | "takeBack" | "other";

/**
 * Leaves an item out when the number was reached by the time its turn comes.
 */
export type ReachedSince = { 
/**
 * The number.
 */
number: string, 
/**
 * From this moment on, the server's local text: an answered call either way.
 */
moment: string, };

/**
 * One operation of a batch that is asked for.
 */
export type RequestedItem = { 
/**
 * Whom or what it is about, for a person: a number, an agent.
 */
label: string, 
/**
 * What is done.
 */
operation: Operation, 
/**
 * Looked at right before it is sent.
 */
unlessReachedSince: ReachedSince | null, };

/**
 * A batch that is asked for.
 */
export type BatchRequest = { 
/**
 * Made up by whoever asks, once for what a person confirmed once: asked for again it is the same batch, and nothing is
 * sent again.
 */
key: string, 
/**
 * For a person.
 */
title: string, 
/**
 * What it is of.
 */
kind: BatchKind, 
/**
 * One at least, 10,000 at most.
 */
items: Array<RequestedItem>, };

/**
 * Where an item of a batch stands.
 */
export type BatchItemState = "waiting" | "sending" | "done" | "refused" | "unknown" | "leftOut" | "dropped";

/**
 * One item of a batch.
 */
export type BatchItem = { 
/**
 * Its place in the batch, from 0.
 */
place: number, 
/**
 * Whom or what it is about.
 */
label: string, 
/**
 * The vendor's operation.
 */
operation: string, 
/**
 * Where it stands.
 */
state: BatchItemState, 
/**
 * Why it was not done, or is not known; of what was left out `reachedSince` with `at` and `agent`.
 */
problem: Problem | null, 
/**
 * The call it placed.
 */
guid: string | null, 
/**
 * What the server said beside yes.
 */
said: string | null, 
/**
 * A person looked at what is not known and left it so.
 */
left: boolean, 
/**
 * When it ended.
 */
endedMs: number | null, };

/**
 * A batch, as it stands.
 */
export type Batch = { 
/**
 * Its number.
 */
id: number, 
/**
 * For a person.
 */
title: string, 
/**
 * What it is of.
 */
kind: BatchKind, 
/**
 * Who asked for it.
 */
person: string, 
/**
 * When.
 */
madeMs: number, 
/**
 * Items in all.
 */
total: number, 
/**
 * Those whose turn has not come.
 */
waiting: number, 
/**
 * Done.
 */
done: number, 
/**
 * Refused.
 */
refused: number, 
/**
 * Not known, and nobody left them so.
 */
unknown: number, 
/**
 * Not known, and left so.
 */
leftUnknown: number, 
/**
 * Reached by then.
 */
leftOut: number, 
/**
 * Dropped by a person.
 */
dropped: number, 
/**
 * It is being sent at this moment.
 */
underWay: boolean, };

/**
 * Some items of a batch.
 */
export type BatchItems = { 
/**
 * How many there are of these.
 */
total: number, 
/**
 * In order.
 */
items: Array<BatchItem>, };

/**
 * How the sending of a batch goes.
 */
export type SendingUpdate = { "kind": "turn", 
/**
 * The item.
 */
item: BatchItem, } | { "kind": "ended", 
/**
 * The item.
 */
item: BatchItem, 
/**
 * The batch after it.
 */
batch: Batch, } | { "kind": "over", 
/**
 * As it stands.
 */
batch: Batch, 
/**
 * Stopped before its end, by a person or by what is in `problem`.
 */
stopped: boolean, 
/**
 * Why it stopped by itself: the server was not reached several times in a row, nothing may be sent from here, the
 * session ended.
 */
problem: Problem | null, };

/**
 * What a file is.
 */
export type FileKind = "csv" | "txt" | "xlsx";

/**
 * How the letters of a text were found to be written.
 */
export type Encoding = "utf8" | "utf8Mark" | "utf16Le" | "utf16Be" | "windows1252";

/**
 * What was found to part the cells of a text.
 */
export type Parted = "semicolon" | "comma" | "tab" | "bar";

/**
 * What a person should know of a file before they go on.
 */
export type FileHint = { "kind": "unclosedQuote", 
/**
 * Of the file, from 1.
 */
line: number, } | { "kind": "oneSheetOf", 
/**
 * Its name.
 */
sheet: string, 
/**
 * How many there are.
 */
sheets: number, };

/**
 * A column of the file at hand.
 */
export type ColumnSeen = { 
/**
 * Its name; empty where there is no header.
 */
name: string, 
/**
 * Its first cells below the header, five at most.
 */
first: Array<string>, 
/**
 * Cells that the spreadsheet kept as numbers: a 0 typed before them is lost.
 */
asNumbers: number, };

/**
 * A column that goes into a parameter.
 */
export type ParameterColumn = { 
/**
 * The parameter's name.
 */
name: string, 
/**
 * The column, from 0.
 */
column: number, };

/**
 * What the columns of a file mean; columns are counted from 0.
 */
export type Mapping = { 
/**
 * Whether the first row names the columns.
 */
header: boolean, 
/**
 * The number; `None` before somebody chose.
 */
phone: number | null, 
/**
 * The campaign, which has to be the one that is sent to.
 */
campaign: number | null, 
/**
 * Columns that go into a parameter each.
 */
parameters: Array<ParameterColumn>, 
/**
 * A column of parameters ready to go: `name=value:name=value`.
 */
readyParameters: number | null, 
/**
 * Columns of other numbers, in the order they are tried; a cell may hold several, parted by `:`, `/`, `,` or `|`.
 */
alternatives: Array<number>, 
/**
 * A column of priorities.
 */
priority: number | null, 
/**
 * The priority of rows without one in that column; above 1.
 */
samePriority: number | null, 
/**
 * The extension of whom it is for.
 */
agentphone: number | null, 
/**
 * The text of a message, with a column's name in braces, or its place from 1, where a cell goes.
 */
text: string, };

/**
 * A file at hand.
 */
export type FileTaken = { 
/**
 * Its number; another file has another.
 */
id: number, 
/**
 * Its name, without where it is.
 */
name: string, 
/**
 * What it is.
 */
kind: FileKind, 
/**
 * How its letters are written; `None` of a spreadsheet.
 */
encoding: Encoding | null, 
/**
 * What parts its cells; `None` of a spreadsheet.
 */
parted: Parted | null, 
/**
 * Its rows, a header not among them.
 */
rows: number, 
/**
 * Its columns.
 */
columns: Array<ColumnSeen>, 
/**
 * How it is understood: as a file with the same header was before, else guessed.
 */
mapping: Mapping, 
/**
 * Whether a person chose that mapping before.
 */
remembered: boolean, 
/**
 * What to know of it.
 */
hints: Array<FileHint>, 
/**
 * Milliseconds it took to read.
 */
tookMs: number, };

/**
 * How the reading of a file goes.
 */
export type TakeUpdate = { "kind": "reading", 
/**
 * Rows.
 */
rows: number, } | { "kind": "taken", 
/**
 * The file.
 */
file: FileTaken, } | { "kind": "cancelled" } | { "kind": "failed", 
/**
 * Why.
 */
problem: Problem, };

/**
 * What a base is of.
 */
export type BaseKind = "calls" | "messages";

/**
 * What a file is to become.
 */
export type BaseRequest = { 
/**
 * The file's number.
 */
file: number, 
/**
 * What it is a base of.
 */
kind: BaseKind, 
/**
 * The campaign it goes to.
 */
campaign: string, 
/**
 * What its columns mean.
 */
mapping: Mapping, 
/**
 * The zone the numbers are called in, as the server names it; `None`: its own. Not of messages.
 */
timezone: string | null, };

/**
 * How the checking of rows goes.
 */
export type CheckUpdate = { "kind": "going", 
/**
 * Rows checked.
 */
rows: number, 
/**
 * Rows in all.
 */
total: number, } | { "kind": "checked", 
/**
 * What came of it.
 */
base: CheckedBase, } | { "kind": "cancelled" } | { "kind": "failed", 
/**
 * Why.
 */
problem: Problem, };

/**
 * Rows left out for one reason, or taken with one hint.
 */
export type ReasonCount = { 
/**
 * The reason's or the hint's stable name.
 */
code: string, 
/**
 * Rows.
 */
rows: number, };

/**
 * A file as it was checked.
 */
export type CheckedBase = { 
/**
 * Its number; what is checked anew has another.
 */
id: number, 
/**
 * Rows that go out.
 */
good: number, 
/**
 * Rows that are left out.
 */
bad: number, 
/**
 * Why those are, each row under its first reason; the sum is `bad`.
 */
reasons: Array<ReasonCount>, 
/**
 * What to know of those that go out: `tidied` (blanks, dots, brackets and hyphens taken out of the number), `short` (a
 * number of fewer than six digits), `asNumber` (the spreadsheet kept the number column as numbers: a 0 before them is
 * lost), `severalParts` (a message of more than one).
 */
hints: Array<ReasonCount>, 
/**
 * Bases it goes out in.
 */
bases: number, 
/**
 * Messages as they are counted by the network, all rows together; 0 of calls.
 */
parts: number, 
/**
 * The first rows that go out, exactly as they do.
 */
preview: string, 
/**
 * Milliseconds it took to check.
 */
tookMs: number, };

/**
 * Why a row is left out.
 */
export type RowReason = { 
/**
 * Stable name:
 *
 * - `numberEmpty`, `notANumber`, `rounded` (a spreadsheet wrote it as `9.83E+07`: its digits are lost)
 * - `reserved`: a sign that parts columns, names or values (`;`, `:`, `=`) inside one
 * - `parameters` (a name is empty, or it is no `name=value:…`, too many, too long), `lineBreak`
 * - `alternatives`: one of them is no number
 * - `priority` (no whole number above 1), `agentphone` (no extension)
 * - `otherCampaign`
 * - `repeated`: the number is in `row` already
 * - `blacklisted`: since `since_ms`, from here
 * - `textEmpty`, `textTooLong` (it would go out in `parts`)
 */
code: string, 
/**
 * The line of the file it repeats.
 */
row: number | null, 
/**
 * Messages it would be.
 */
parts: number | null, 
/**
 * Epoch milliseconds.
 */
sinceMs: number | null, };

/**
 * A row as it goes out, or would if it were right.
 */
export type CheckedRow = { 
/**
 * The line of the file it begins in, from 1.
 */
row: number, 
/**
 * The number, tidied.
 */
phone: string, 
/**
 * The number as it is in the file.
 */
written: string, 
/**
 * `name=value:name=value`; empty of messages.
 */
parameters: string, 
/**
 * `n:n`; empty of messages.
 */
alternatives: string, 
/**
 * The text; empty of calls.
 */
text: string, 
/**
 * Its priority, as it is in the file or the same for all.
 */
priority: string, 
/**
 * The extension.
 */
agentphone: string, 
/**
 * Why it is left out; `None`: it goes out.
 */
reason: RowReason | null, 
/**
 * Hints of this row, as in [`CheckedBase`]; `asNumber` is of the column.
 */
hints: Array<string>, };

/**
 * Which rows of a checked file.
 */
export type RowsWanted = { "kind": "all" } | { "kind": "bad" } | { "kind": "badFor", 
/**
 * Its stable name.
 */
code: string, };

/**
 * Some rows of a checked file.
 */
export type CheckedRows = { 
/**
 * How many there are of these.
 */
total: number, 
/**
 * The first of those below among them, from 0.
 */
from: number, 
/**
 * The rows.
 */
rows: Array<CheckedRow>, };

/**
 * Groups of what was sent.
 */
export type SentKind = "schedules" | "tasks" | "bases" | "sms" | "blacklistings" | "calls" | "members";

/**
 * What became of what was sent.
 */
export type SentOutcome = "done" | "refused" | "unknown";

/**
 * What undoes it.
 */
export type Undo = { "kind": "none" } | { "kind": "nothing" } | { "kind": "by", 
/**
 * Ready to be checked and sent.
 */
operation: Operation, } | { "kind": "asked" } | { "kind": "numberByNumber", 
/**
 * The campaign.
 */
campaign: string, };

/**
 * One thing that was sent from here.
 */
export type SentLine = { 
/**
 * Its number.
 */
id: number, 
/**
 * When.
 */
atMs: number, 
/**
 * Its group.
 */
kind: SentKind, 
/**
 * The vendor's operation.
 */
operation: string, 
/**
 * Whom or what it is about: a number, a campaign, how many.
 */
target: string, 
/**
 * The campaign; empty where there is none.
 */
campaign: string, 
/**
 * What was sent, as names and values; of a base its name, rows and SHA-256.
 */
detail: Array<[string, string]>, 
/**
 * Who sent it.
 */
person: string, 
/**
 * What became of it.
 */
outcome: SentOutcome, 
/**
 * The server's words, or the code of why.
 */
why: string | null, 
/**
 * The batch it was part of.
 */
batch: number | null, 
/**
 * What undoes it.
 */
undo: Undo, };

/**
 * How many there are of a group.
 */
export type SentCount = { 
/**
 * The group.
 */
kind: SentKind, 
/**
 * All of it.
 */
all: number, 
/**
 * Of those not known.
 */
unknown: number, };

/**
 * Some of what was sent, the newest first.
 */
export type SentPage = { 
/**
 * How many there are of these.
 */
total: number, 
/**
 * Of every group.
 */
counts: Array<SentCount>, 
/**
 * The lines.
 */
lines: Array<SentLine>, };

/**
 * What is known here of a number and the blacklist.
 */
export type Listed = "on" | "perhapsOn" | "perhapsOff";

/**
 * A number on the blacklist, as far as it is known here.
 */
export type BlacklistKnown = { 
/**
 * The number.
 */
phone: string, 
/**
 * The campaign it is not to be called by; empty: none.
 */
campaign: string, 
/**
 * Whose it is.
 */
name: string, 
/**
 * Their company.
 */
company: string, 
/**
 * What they do there.
 */
jobTitle: string, 
/**
 * What is known.
 */
listed: Listed, 
/**
 * Known from a file, not from what was sent from here.
 */
fromFile: boolean, 
/**
 * Since when.
 */
sinceMs: number, 
/**
 * Who sent or took it in.
 */
person: string, };

/**
 * Some of the numbers.
 */
export type BlacklistPage = { 
/**
 * How many fit.
 */
total: number, 
/**
 * Of all, how many nobody is sure of.
 */
unsure: number, 
/**
 * By number.
 */
numbers: Array<BlacklistKnown>, };

/**
 * What a file of numbers holds.
 */
export type BlacklistImport = { 
/**
 * Numbers taken.
 */
taken: number, 
/**
 * Those of them that were known as on the list already.
 */
known: number, 
/**
 * Lines that are no number, the first hundred.
 */
badLines: Array<number>, 
/**
 * How many such lines.
 */
bad: number, };

/**
 * One server and account.
 */
export type Profile = { 
/**
 * Key.
 */
id: string, 
/**
 * What the person calls it.
 */
name: string, 
/**
 * As typed.
 */
serverUrl: string, 
/**
 * User name.
 */
user: string, 
/**
 * `None`: the server's own host.
 */
telephonyUrl: string | null, 
/**
 * `None`: no backup host.
 */
backupUrl: string | null, 
/**
 * File, PEM or DER, of an extra authority or of the server's own certificate.
 */
extraCaPath: string | null, 
/**
 * The password is kept on this computer.
 */
keep: boolean, 
/**
 * Whether there is one; filled in when listed for the window.
 */
hasStoredPassword: boolean, };

/**
 * All alerts: the floor's, and those of finished reviews. Sent when anything about them changed, and every few seconds.
 */
export type AlertsTold = { 
/**
 * Those of reviews, the newest first: nobody has seen to them, or somebody has since this session began.
 */
reviews: Array<ReviewAlert>, 
/**
 * What is over is as it was told the last time, and not told again.
 */
historySame?: boolean, 
/**
 * Under way: a silent server first, then the worst, callers before people, the oldest.
 */
active: Array<Alert>, 
/**
 * Over, the latest first.
 */
history: Array<Alert>, 
/**
 * The quiet hours of the settings are now: alerts are shown and not heard.
 */
quiet: boolean, 
/**
 * Not heard until then: somebody said so. `None`: heard, or not for the reason above.
 */
mutedUntilMs: number | null, 
/**
 * A chat should be told of alerts, and is not: it refused them.
 */
chatStopped: boolean, 
/**
 * The server is silent, and nothing is known of the floor since then; `None`: it is known.
 */
knownUntilMs: number | null, 
/**
 * When the rules were last looked at; it goes on for as long as somebody watches. `None`: not yet.
 */
steppedMs: number | null, };

/**
 * When a finished review raises an alert.
 */
export type ReviewRule = { 
/**
 * Only reviews with the card of this key, in place of the rule for all; empty: all.
 */
card: string, 
/**
 * Under this score, percent; `None`: whatever the score.
 */
under: number | null, 
/**
 * Whenever a fatal question failed.
 */
fatal: boolean, 
/**
 * Who hears of it.
 */
hears: Hears, };

/**
 * How far a demonstration's past is lived through. More steps may become known while some are done.
 */
export type Preparing = { 
/**
 * Steps that are done.
 */
done: number, 
/**
 * Steps in all; 0 while that is not known.
 */
of: number, };

/**
 * What is decided.
 */
export type Decided = { 
/**
 * Nothing is changed at a server from this computer.
 */
lookOnly: boolean, 
/**
 * Seconds between polls; `None`: a person chooses.
 */
pollEverySecs: number | null, 
/**
 * The request budget; `None`: a person chooses.
 */
requestsPerSecond: number | null, 
/**
 * Nobody signs in to a server that is not in `servers`.
 */
onlyTheseServers: boolean, 
/**
 * Servers to sign in to, as profiles nobody has used yet; their ids are no profile's.
 */
servers: Array<Profile>, 
/**
 * Why the file cannot be followed; until it is mended nothing is changed at a server.
 */
problem: Problem | null, };

/**
 * Who is signed in, and who could be.
 */
export type SessionState = { 
/**
 * The number of this state, counted up while the program runs: answers and what is told by itself come by ways of their own,
 * and of two the one with the higher number is newer.
 */
turn: number, 
/**
 * Whether a session is open.
 */
signedIn: boolean, 
/**
 * The profile of the session, or the one used last.
 */
profile: Profile | null, 
/**
 * All profiles, the last used first.
 */
profiles: Array<Profile>, 
/**
 * Where passwords are kept.
 */
secretStore: SecretStoreKind, 
/**
 * Who sits here.
 */
reviewer: string, 
/**
 * The simulated contact centre.
 */
demo: boolean, 
/**
 * Minutes its clock is ahead of this computer's: it keeps office hours at night. 0 otherwise.
 */
demoAheadMins: number, 
/**
 * It is being prepared: somebody will be signed in without being asked. How far that is.
 */
preparing: Preparing | null, 
/**
 * Why the last session ended by itself.
 */
signedOutReason: Problem | null, 
/**
 * What whoever looks after this computer decided.
 */
decided: Decided, };

/**
 * Where passwords are kept.
 */
export type SecretStoreKind = "os" | "session";

/**
 * What the sign-in form holds.
 */
export type SignInRequest = { 
/**
 * The profile to use and update; `None` makes a new one.
 */
profileId: string | null, 
/**
 * Its name; the server's host when empty.
 */
name: string, 
/**
 * As typed.
 */
serverUrl: string, 
/**
 * User name.
 */
user: string, 
/**
 * `None`: the one kept.
 */
password: string | null, 
/**
 * `None` or empty: the server's own host.
 */
telephonyUrl: string | null, 
/**
 * `None` or empty: no backup host.
 */
backupUrl: string | null, 
/**
 * PEM file.
 */
extraCaPath: string | null, 
/**
 * Keep the password on this computer.
 */
keep: boolean, };

/**
 * What an address typed in the sign-in form amounts to.
 */
export type ServerHint = { 
/**
 * The API's base.
 */
normalized: string | null, 
/**
 * The telephony host taken by default.
 */
telephonyUrl: string | null, 
/**
 * The backup host taken by default.
 */
backupUrl: string | null, 
/**
 * Why it cannot be used.
 */
problem: Problem | null, };

/**
 * A media key, of the keyboard, a headset or the desktop.
 */
export type MediaKey = { "kind": "toggle" } | { "kind": "play" } | { "kind": "pause" } | { "kind": "next" } | { "kind": "previous" } | { "kind": "seekBy", 
/**
 * Seconds, negative back.
 */
secs: number, } | { "kind": "seekTo", 
/**
 * Seconds from the start.
 */
secs: number, };

/**
 * Files that a person drags onto the window.
 */
export type FileDrag = { "kind": "over" } | { "kind": "left" } | { "kind": "dropped", 
/**
 * Where they are on this computer.
 */
paths: Array<string>, };

/**
 * One message of the player.
 */
export type PlayerUpdate = { "kind": "transport", 
/**
 * Of the recording opened under this number.
 */
ticket: number, 
/**
 * As it is now.
 */
transport: Transport, } | { "kind": "peaks", 
/**
 * Of the recording opened under this number.
 */
ticket: number, 
/**
 * A stretch.
 */
peaks: Peaks, } | { "kind": "sound", 
/**
 * Of the recording opened under this number.
 */
ticket: number, 
/**
 * All in all, and where.
 */
report: SoundReport, } | { "kind": "reset", 
/**
 * The number it was opened, or emptied, under.
 */
ticket: number, 
/**
 * Whose.
 */
guid: string | null, };

/**
 * A recording, or a part of it, that was saved.
 */
export type SavedSound = { 
/**
 * The file.
 */
path: string, 
/**
 * Why some of it is missing, which the file's name says too.
 */
problem: Problem | null, };

/**
 * How the saving of several recordings goes.
 */
export type SaveUpdate = { "kind": "turn", 
/**
 * Those before it.
 */
done: number, 
/**
 * Of so many.
 */
total: number, 
/**
 * Whose.
 */
guid: string, } | { "kind": "saved", 
/**
 * Whose.
 */
guid: string, 
/**
 * The file's name.
 */
name: string, 
/**
 * What is wrong with it all the same: some of it is missing, which its name says too, or it is of a format that is
 * not played here.
 */
problem: Problem | null, } | { "kind": "failed", 
/**
 * Whose.
 */
guid: string, 
/**
 * Why.
 */
problem: Problem, } | { "kind": "done", 
/**
 * Files written.
 */
saved: number, 
/**
 * Recordings that failed.
 */
failed: number, 
/**
 * Recordings whose turn did not come: it was stopped.
 */
left: number, 
/**
 * Where they are.
 */
folder: string, };

/**
 * One message of an export under way.
 */
export type ExportUpdate = { "kind": "progress", 
/**
 * Rows written.
 */
written: number, 
/**
 * Rows in all.
 */
total: number, } | { "kind": "done", 
/**
 * Where.
 */
path: string, 
/**
 * Rows.
 */
rows: number, } | { "kind": "cancelled" } | { "kind": "failed", 
/**
 * Why.
 */
problem: Problem, };

/**
 * A call as far as tagging needs it.
 */
export type TagRequest = { 
/**
 * The call.
 */
guid: string, 
/**
 * The other party's number.
 */
phone: string, 
/**
 * The call's start, server-local text.
 */
startedAt: string, 
/**
 * What to write.
 */
text: string, };

/**
 * What became of one tag of a batch.
 */
export type BatchOutcome = "done" | "already" | "refused" | "unknown";

/**
 * What became of a write.
 */
export type WriteOutcome = "done" | "refused" | "unknown";

/**
 * What became of one thing sent to be done.
 */
export type Written = { 
/**
 * How it ended.
 */
outcome: WriteOutcome, 
/**
 * Why it was refused, or nobody knows; `None` when it was done.
 */
problem: Problem | null, };

/**
 * A call to be heard.
 */
export type ListenRequest = { 
/**
 * The call.
 */
call: Call, 
/**
 * Where to begin, seconds from the start; `None`: where it was left.
 */
atSecs: number | null, 
/**
 * A person asked for this very recording: the server may be asked to convert it.
 */
asked: boolean, 
/**
 * The number of this request: each is higher than the one before, also after the window was loaded again.
 */
ticket: number, };

/**
 * What became of one call of a batch.
 */
export type BatchLine = { 
/**
 * The call.
 */
guid: string, 
/**
 * What became of it.
 */
outcome: BatchOutcome, 
/**
 * Why it was not done.
 */
problem: Problem | null, };

/**
 * How a batch of tags goes.
 */
export type BatchUpdate = { "kind": "going", 
/**
 * Calls done.
 */
done: number, 
/**
 * Calls in all.
 */
total: number, } | { "kind": "done", 
/**
 * Stopped by the person before its end.
 */
cancelled: boolean, 
/**
 * Calls in all.
 */
total: number, 
/**
 * What became of each call that was reached.
 */
lines: Array<BatchLine>, };

/**
 * A tipificación, as it will be sent.
 */
export type DispositionRequest = { 
/**
 * Campaign with its suffix.
 */
campaign: string, 
/**
 * The agent's user name.
 */
agent: string, 
/**
 * The other party's number.
 */
phone: string, 
/**
 * The call.
 */
guid: string, 
/**
 * Level 1.
 */
level1: string, 
/**
 * Level 2, may be empty.
 */
level2: string, 
/**
 * Level 3, may be empty.
 */
level3: string, 
/**
 * Further data, may be empty.
 */
d1: string, 
/**
 * Further data, may be empty.
 */
d2: string, 
/**
 * Comment.
 */
comment: string, 
/**
 * When to call again, `yyyy-MM-dd HH:mm:ss`; may be empty.
 */
schedule: string, 
/**
 * Another dialer to call again with; may be empty.
 */
campaignToReschedule: string, 
/**
 * Tag; empty is the server's own.
 */
tag: string, };

/**
 * What became of a file taken in.
 */
export type Imported = { 
/**
 * Lines taken.
 */
taken: number, 
/**
 * Lines that made no sense.
 */
leftOut: number, };

/**
 * A line of the trail.
 */
export type AuditLine = { 
/**
 * Epoch milliseconds.
 */
atMs: number, 
/**
 * What was done: the vendor's operation, or ours.
 */
operation: string, 
/**
 * What it was about.
 */
target: string, 
/**
 * What was sent or written, as names and values; the window has words for the names.
 */
detail: Array<[string, string]>, 
/**
 * The account.
 */
user: string, 
/**
 * The person.
 */
reviewer: string, 
/**
 * What became of it.
 */
outcome: WriteOutcome, 
/**
 * The server's text, or the code of why.
 */
why: string | null, };

/**
 * A failure kept for Diagnostics.
 */
export type ErrorLine = { 
/**
 * Epoch milliseconds.
 */
atMs: number, 
/**
 * What went wrong.
 */
problem: Problem, };

/**
 * How one place of recordings has answered.
 */
export type PlaceLine = { 
/**
 * Where.
 */
place: Place, 
/**
 * HTTP status of its last answer.
 */
lastStatus: number | null, 
/**
 * Recordings found there.
 */
wins: number, };

/**
 * What support asks for.
 */
export type Diagnostics = { 
/**
 * Version of the program.
 */
appVersion: string, 
/**
 * Host of the server.
 */
server: string | null, 
/**
 * Epoch milliseconds.
 */
signedInSinceMs: number | null, 
/**
 * Which login shape the server speaks.
 */
loginShape: string | null, 
/**
 * Of the last answer.
 */
roundTripMs: number | null, 
/**
 * The server's clock minus ours.
 */
clockDifferenceSecs: number | null, 
/**
 * Sent in the last minute.
 */
requestsPerMinute: number, 
/**
 * What asking for every campaign at every interval would have sent.
 */
requestsOfEverything: number | null, 
/**
 * The budget.
 */
requestBudgetPerSecond: number, 
/**
 * Newest first.
 */
lastErrors: Array<ErrorLine>, 
/**
 * Places of recordings that have been asked.
 */
places: Array<PlaceLine>, 
/**
 * Output device in use.
 */
audioDevice: string | null, 
/**
 * Where passwords are kept.
 */
secretStore: SecretStoreKind, 
/**
 * Messages of alerts to a chat.
 */
webhook: WebhookState, 
/**
 * Bytes of recordings on this computer.
 */
cacheBytes: number, 
/**
 * Their bound.
 */
cacheMaxBytes: number, 
/**
 * Where logs are.
 */
logFolder: string, 
/**
 * Where everything else is.
 */
dataFolder: string, };

/**
 * Something that broke.
 */
export type Breakdown = { 
/**
 * When, epoch milliseconds by this computer's clock.
 */
atMs: number, 
/**
 * Somebody was shown it, or wanted not to be.
 */
seen: boolean, };

