using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace UdsBroker.Cli.Output;

/// <summary>What the JSON of a message and that of an answer have in common.</summary>
internal static class MessageJson
{
    /// <summary>Only what JSON itself demands is escaped: people read it too, and nobody puts it into HTML.</summary>
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The payload as text or, when it is not UTF-8, under a name of its own in base64.</summary>
    internal static void WritePayload(this Utf8JsonWriter json, ReadOnlySpan<byte> payload)
    {
        if (Utf8.IsValid(payload)) json.WriteString("payload"u8, payload);
        else json.WriteBase64String("payloadBase64"u8, payload);
    }
}
