using System.Buffers;
using System.Text.Json;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Output;

/// <summary>One JSON object on one line for each message (RFC 8259).</summary>
internal sealed class JsonFormat : IMessageFormat
{
    public void Write(IBufferWriter<byte> output, in MessageView message)
    {
        using (var json = new Utf8JsonWriter(output, MessageJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("subject"u8, message.Subject);
            json.WriteString("sender"u8, message.Sender);
            if (message.HasReply) json.WriteString("reply"u8, message.Reply);
            if (message.HasHeaders)
            {
                json.WriteStartObject("headers"u8);
                var headers = message.Headers;
                for (var index = 0; headers.MoveNext(); index++)
                {
                    if (IsFirstOfItsName(message.Headers, index, headers.Name)) json.WriteString(headers.Name, headers.Value);
                }

                json.WriteEndObject();
            }

            if (message.IsRetained) json.WriteBoolean("retained"u8, true);
            if (message.MissedBefore > 0) json.WriteNumber("missedBefore"u8, message.MissedBefore);
            json.WritePayload(message.Payload);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    // The first of a name counts; of a name that comes twice in an object, many readers of JSON take the last.
    private static bool IsFirstOfItsName(HeaderEnumerator headers, int index, ReadOnlySpan<byte> name)
    {
        for (var before = 0; before < index && headers.MoveNext(); before++)
        {
            if (headers.Name.SequenceEqual(name)) return false;
        }

        return true;
    }
}
