// Who is told: alarms and costs reach the person whom the settings name.
import { synthesize } from './synthesize';

const somebody = { Protocol: 'email', Endpoint: 'somebody@gallery.example' };

test('with a mail address alarms and costs are told', () => {
  const { template } = synthesize({ notificationMail: somebody.Endpoint, monthlyBudget: '20' });
  template('storage').hasResourceProperties('AWS::SNS::Subscription', somebody);
  template('operations').hasResourceProperties('AWS::Budgets::Budget', {
    Budget: {
      BudgetLimit: { Amount: 20, Unit: 'USD' },
      CostFilters: { Service: ['Amazon Personalize'] },
      TimeUnit: 'MONTHLY',
    },
  });
});

test('without one nobody is', () => {
  const { template } = synthesize();
  template('storage').resourceCountIs('AWS::SNS::Subscription', 0);
  template('operations').resourceCountIs('AWS::Budgets::Budget', 0);
});
