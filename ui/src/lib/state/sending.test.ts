import { describe, expect, it } from 'vitest';
import type { Answers } from '../host/answers';
import { fakeHost, later } from '../host/fake';
import type { Checked, Operation, Performed } from '../host/host';
import { Sending } from './sending.svelte';

const hangUp: Operation = { operation: 'hangUp', phone: '1001' };
const checked = (parts: Partial<Checked> = {}): Checked => ({
  name: 'HangupPhone',
  path: 'Agents/HangupPhone',
  fields: [['phone', '1001']],
  flaws: [],
  sms: null,
  ...parts,
});
const performed = (outcome: Performed['written']['outcome'], code?: string): Performed => ({
  written: { outcome, problem: code ? { code, params: {}, retryable: false } : null },
  guid: null,
  said: null,
});

function sending(asks: Partial<Answers>) {
  const host = fakeHost({ asks: { operation_check: () => checked(), ...asks } });
  return { host, sending: new Sending(host) };
}

describe('something that is sent', () => {
  it('goes once for one press, and no second time by itself', async () => {
    const answer = later<Performed>();
    const { host, sending: one } = sending({ operation_send: answer.ask });
    await one.propose(hangUp);
    const presses = [one.send(), one.send()];
    answer.answer[0]?.(performed('unknown', 'timeout'));
    await Promise.all(presses);
    await one.send();
    expect([one.outcome, host.asked('operation_send').length]).toEqual(['unknown', 1]);
    one.again();
    const again = one.send();
    answer.answer[1]?.(performed('done'));
    await again;
    expect([one.outcome, host.asked('operation_send').length]).toEqual(['done', 2]);
  });

  it('does not leave while something about it cannot be right, and goes as it was shown last', async () => {
    const { host, sending: one } = sending({ operation_send: () => performed('done') });
    host.asks.operation_check = () => checked({ flaws: [{ field: 'phone', code: 'empty', at: null }] });
    await one.propose({ operation: 'hangUp', phone: '' });
    await one.send();
    expect(host.asked('operation_send')).toEqual([]);
    host.asks.operation_check = () => checked();
    await one.propose(hangUp);
    await one.send();
    expect(host.asked('operation_send')).toEqual([{ operation: hangUp }]);
  });

  it('shows what was typed last, whichever look comes last', async () => {
    const looks = later<Checked>();
    const { sending: one } = sending({ operation_check: looks.ask });
    const both = [one.propose({ operation: 'hangUp', phone: '1' }), one.propose(hangUp)];
    looks.answer[1]?.(checked());
    looks.answer[0]?.(checked({ fields: [['phone', '1']] }));
    await Promise.all(both);
    expect(one.checked?.fields).toEqual([['phone', '1001']]);
  });

  it('that was refused says why, and can be sent again', async () => {
    const { host, sending: one } = sending({ operation_send: () => performed('refused', 'refused') });
    await one.propose(hangUp);
    await one.send();
    expect([one.outcome, one.problem?.code, one.ready]).toEqual(['refused', 'refused', true]);
    host.asks.operation_send = () => Promise.reject({ code: 'lookOnly', params: {}, retryable: false });
    await one.send();
    expect([one.outcome, one.problem?.code]).toEqual(['refused', 'lookOnly']);
  });
});
