// The team this desk belongs to: joining and leaving it, who is in it, who asks the server.
import type { Host, Problem, TeamMember, TeamNews, TeamTold } from '../host/host';
import { failureOf } from '../host/host';

export class TeamState {
  now = $state.raw<TeamTold | null>(null);
  /** Who belongs to it; `null` before they were asked for, or when they could not be. */
  members = $state.raw<TeamMember[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Of the rules of the house. */
  houseProblem = $state.raw<Problem | null>(null);
  busy = $state(false);

  /** How many changes this desk offered from before it joined; `null`: none were asked for. */
  offered = $state<number | null>(null);
  /** What became of this desk's changes, to be read. */
  news = $state.raw<TeamNews[]>([]);
  /** Whoever sits here is a lead. */
  lead = $derived(this.now?.house?.lead ?? false);
  #applied = 0;
  #told = 0;

  constructor(
    private readonly host: Host,
    /** Something of the shared work is another than before. */
    private readonly changed: () => void = () => undefined,
  ) {}

  async start(): Promise<void> {
    await this.host.stream('team_watch', {}, (told) => {
      this.now = told;
      if (!told.address) this.members = null;
      const applied = told.shared?.applied ?? 0;
      if (applied > this.#applied) this.changed();
      this.#applied = applied;
      const count = told.shared?.told ?? 0;
      if (count !== this.#told) void this.#hear();
      this.#told = count;
    });
  }

  /** What was known stays when it cannot be asked. */
  async #hear(): Promise<void> {
    this.news = await this.host.ask('team_news', {}).catch(() => this.news);
  }

  /** One was read. */
  async read(id: number): Promise<void> {
    this.problem = await failureOf(() => this.host.ask('team_news_read', { id }));
    await this.#hear();
  }

  /** Who is in it now. What was known stays when they cannot be asked. */
  async look(): Promise<void> {
    if (this.now?.address) this.members = await this.host.ask('team_members', {}).catch(() => this.members);
  }

  /** Gives whether it was joined. */
  async join(address: string, password: string): Promise<boolean> {
    await this.#trying(() => this.host.ask('team_join', { join: { address, password } }));
    return this.problem === null;
  }

  /** By an invitation that the person picks. */
  joinByFile = (title: string): Promise<void> =>
    this.#trying(() => this.host.ask('team_join_file', { title }));

  /** What was here before, to the team: what it does not know of it. */
  offer = (): Promise<void> =>
    this.#trying(async () => void (this.offered = await this.host.ask('team_offer', {})));

  leave = (): Promise<void> => this.#trying(() => this.host.ask('team_leave', {}));

  /** This desk goes by the team's of a part of the settings, or by its own. */
  useHouse = (part: string, team: boolean): Promise<void> =>
    this.#inHouse(() => this.host.ask('team_house_use', { part, team }));

  /** A change by hand that made a part one's own is undone. */
  undoHouse = (part: string): Promise<void> =>
    this.#inHouse(() => this.host.ask('team_house_undo', { part }));

  /** One's own of a part becomes the team's. */
  publish = (part: string): Promise<void> =>
    this.#inHouse(() => this.host.ask('team_house_publish', { part }));

  async #inHouse(work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.houseProblem = await failureOf(async () => void (await work()));
    this.busy = false;
  }

  async #trying(work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = await failureOf(async () => void (await work()));
    this.busy = false;
    await this.look();
  }
}
