/**
 * The receiver of the topic's messages as a Lambda function behind its own URL, which anybody can post to: SNS has no AWS
 * identity to sign requests with, but signs its messages. STEPWELL_ENDPOINT is the API's function URL, TOPIC_ARN the topic.
 */
import { ConfirmSubscriptionCommand, SNSClient } from "@aws-sdk/client-sns";
import { reasonOf, reportSucceeded } from "../callback/report.ts";
import { signed } from "../callback/signed.ts";
import { type Receiver, receive } from "./receive.ts";
import { MessageRefused, readerOf } from "./sns-message.ts";

/** Of a function URL's event, what is looked at. */
interface UrlEvent {
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

interface UrlAnswer {
  readonly statusCode: number;
  readonly body: string;
}

/** The handler of pushes. Anything but 2xx makes SNS push again; a message that is not SNS's is nobody's to repeat. */
export function handlerOf(receiver: Receiver): (event: UrlEvent) => Promise<UrlAnswer> {
  return async ({ body = "", isBase64Encoded = false }) => {
    try {
      await receive(Buffer.from(body, isBase64Encoded ? "base64" : "utf8").toString(), receiver);
      return { statusCode: 200, body: "OK" };
    } catch (error) {
      console.error(`A message was refused: ${reasonOf(error)}`);
      return error instanceof MessageRefused
        ? { statusCode: 403, body: error.message }
        : { statusCode: 500, body: "The message could not be handled." };
    }
  };
}

function receiverOf({ STEPWELL_ENDPOINT = "", TOPIC_ARN = "", AWS_ENDPOINT_URL }: NodeJS.ProcessEnv): Receiver {
  const sns = new SNSClient({});
  const send = signed(sns.config);
  return {
    read: readerOf({ topicArn: TOPIC_ARN, endpoint: AWS_ENDPOINT_URL }),
    confirm: ({ TopicArn, Token }) => sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token })),
    report: (report) => reportSucceeded(STEPWELL_ENDPOINT, report, send),
  };
}

export const handler = handlerOf(receiverOf(process.env));
