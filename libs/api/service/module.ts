import { ServiceMemberController, serviceMemberHandlers } from './member.controller.ts';
import { TopicController, topicHandlers } from './topic.controller.ts';

/** What services that follow topics call. */
export const serviceApi = {
  controllers: [TopicController, ServiceMemberController],
  handlers: [...topicHandlers, ...serviceMemberHandlers],
};
