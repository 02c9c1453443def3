using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using UdsBroker.Client;

namespace UdsBroker.Cli.Output;

/// <summary>One JSON object on one line for each message (RFC 8259).</summary>
internal sealed class JsonFormat : IMessageFormat
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(IBufferWriter<byte> output, in MessageView message)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("subject"u8, message.Subject);
            json.WriteString("sender"u8, message.Sender);
            if (message.HasReply) json.WriteString("reply"u8, message.Reply);
            if (message.HasHeaders)
            {
                json.WriteStartObject("headers"u8);
                var headers = message.Headers;
                while (headers.MoveNext()) json.WriteString(headers.Name, headers.Value);
                json.WriteEndObject();
            }

            if (message.IsRetained) json.WriteBoolean("retained"u8, true);
            if (message.MissedBefore > 0) json.WriteNumber("missedBefore"u8, message.MissedBefore);
            if (Utf8.IsValid(message.Payload)) json.WriteString("payload"u8, message.Payload);
            else json.WriteBase64String("payloadBase64"u8, message.Payload);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
