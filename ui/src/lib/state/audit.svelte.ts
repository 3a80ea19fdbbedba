// Who heard, tagged, dispositioned, scored and exported what, and when: the lines asked for, the newest of them.
import type { AuditFilter, AuditLine, Host, Problem } from '../host/host';
import { asProblem, failureOf } from '../host/host';
import type { Files } from './files';

export class AuditState {
  lines = $state.raw<AuditLine[]>([]);
  problem = $state.raw<Problem | null>(null);
  #turn = 0;

  constructor(
    private readonly host: Host,
    private readonly files: Files,
  ) {}

  async look(filter: AuditFilter): Promise<void> {
    const turn = ++this.#turn;
    try {
      const lines = await this.host.ask('audit_lines', { filter, whole: false });
      if (turn === this.#turn) [this.lines, this.problem] = [lines, null];
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    }
  }

  /** Writes all lines, not only the newest, as a table; gives where. */
  async save(
    filter: AuditFilter,
    title: string,
    table: (lines: AuditLine[]) => string[][],
  ): Promise<string | null> {
    let path: string | null = null;
    this.problem = await failureOf(async () => {
      const rows = table(await this.host.ask('audit_lines', { filter, whole: true }));
      const trail = { what: 'audit', target: filter.operation || '*' };
      path = await this.files.saveTable({ title, name: 'audit.csv', rows }, trail);
    });
    return path;
  }
}
