import { ChangeController, changeHandlers } from './change.controller.ts';
import { ExpenseController, expenseHandlers } from './expense.controller.ts';
import { MemberItemController, itemHandlers } from './items.controller.ts';
import { OneIdController, oneIdHandlers } from './one-id.controller.ts';

/** What members call. */
export const memberApi = {
  controllers: [OneIdController, MemberItemController, ChangeController, ExpenseController],
  handlers: [...oneIdHandlers, ...itemHandlers, ...changeHandlers, ...expenseHandlers],
};
