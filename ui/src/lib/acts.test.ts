import { describe, expect, it } from 'vitest';
import {
  ACTS,
  aboutAgent,
  aboutCall,
  extensionOf,
  firstValues,
  serverMoment,
  tidyNumber,
  type Values,
} from './acts';
import { agent, call, campaign } from './testing';

const own = { extension: '4001', context: 'agents', byLogin: true, user: 'supervisor' };
const campaigns = [
  campaign({ name: 'Soporte<-', label: 'Soporte' }),
  campaign({ name: 'Ventas->', label: 'Ventas', direction: 'outbound' }),
  campaign({ name: 'Recupero->', label: 'Recupero', direction: 'outbound' }),
];

describe('what is asked for', () => {
  it('is a call from the telephone the person was seen at', () => {
    const one = agent({ location: 'PJSIP/1041', name: 'ana', campaigns: ['Soporte<-', 'Ventas->'] });
    const target = aboutAgent(one);
    const values: Values = { ...firstValues('callFor', target, campaigns), destination: ' (099) 111.222 ' };
    expect(ACTS.callFor.build(values, target, own)).toMatchObject({
      operation: 'agentCall',
      agent: 'ana',
      phone: '1041',
      tech: 'PJSIP',
      outqueue: 'Ventas->',
      destination: '099111222',
    });
    const more = ACTS.callFor.build({ ...values, data: '{"a":1}' }, target, own);
    expect(more).toMatchObject({ operation: 'agentCallWithData', data: '{"a":1}', form: '' });
    expect(ACTS.listenIn.build({ ...values, code: '*55', extension: '4001' }, target, own)).toMatchObject({
      agent: 'supervisor',
      phone: '4001',
      destination: '*551041',
    });
  });

  it('is of the number of the call, in a campaign that dials', () => {
    const target = aboutCall(call({ source: '099 000 111', direction: 'inbound', campaign: 'Soporte<-' }));
    const first = firstValues('task', target, campaigns);
    // Which of two that dial is for whoever sends it to say; not so for the only one, or the one that dials for theirs.
    expect([first['destination'], first['campaign']]).toEqual(['099000111', '']);
    expect(firstValues('task', target, campaigns.slice(0, 2))['campaign']).toBe('Ventas->');
    const sales = [...campaigns, campaign({ name: 'Ventas<-', label: 'Ventas' })];
    expect(firstValues('task', { number: '1', campaign: 'Ventas<-' }, sales)['campaign']).toBe('Ventas->');
    const values = { ...first, campaign: 'Recupero->' };
    expect(firstValues('blacklist', target, campaigns)['campaign']).toBe('');
    const at = {
      ...values,
      mode: 'scheduled',
      calldate: '2031-03-05T10:15',
      parameters: 'a = 1\n\nb=x:y',
      alternatives: '1,2\n\n3\n',
    };
    expect(ACTS.task.build(at, target, own)).toEqual({
      operation: 'task',
      mode: { kind: 'scheduled', at: '2031-03-05 10:15:00' },
      campaign: 'Recupero->',
      destination: '099000111',
      alternatives: ['1', '2', '3'],
      agent: '',
      data: [
        ['a', '1'],
        ['b', 'x:y'],
      ],
      source: '',
    });
  });

  it('leaves out what people write between digits, and nothing else', () => {
    expect(['(099) 111.222', '+598 99', '12-345-678', '09 x1'].map(tidyNumber)).toEqual([
      '099111222',
      '+59899',
      '12-345-678',
      '09x1',
    ]);
    expect(['SIP/1001', 'Local/1001@agents/n', 'PJSIP/ana', '1001'].map(extensionOf)).toEqual([
      '1001',
      '1001',
      'ana',
      '1001',
    ]);
    expect([serverMoment('2031-03-05T10:15:07'), serverMoment('')]).toEqual(['2031-03-05 10:15:07', '']);
  });
});
