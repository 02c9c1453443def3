using System.Text;
using System.Text.Json;
using UdsBroker.Client;

namespace UdsBroker.Cli.Output;

/// <summary>
/// The answers to a request on standard output: one payload byte for byte, several with a line feed after each, or one JSON object on a line for
/// each (RFC 8259). An answer cannot control a terminal.
/// </summary>
internal sealed class AnswerOutput(Stream stream, bool json, bool lines, bool terminal) : IDisposable
{
    internal void Write(in Message answer)
    {
        if (json) WriteJson(answer);
        else stream.Write(terminal ? Encoding.UTF8.GetBytes(TerminalText.EscapeLines(Encoding.UTF8.GetString(answer.Payload.Span))) : answer.Payload.Span);
        if (json || lines || terminal) stream.Write("\n"u8);
    }

    public void Dispose() => stream.Dispose();

    private void WriteJson(in Message answer)
    {
        using var writer = new Utf8JsonWriter(stream, MessageJson.Options);
        writer.WriteStartObject();
        writer.WriteString("sender"u8, answer.Sender);
        if (answer.Headers.Count > 0)
        {
            writer.WriteStartObject("headers"u8);
            foreach (var (name, value) in answer.Headers) writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        writer.WritePayload(answer.Payload.Span);
        writer.WriteEndObject();
    }
}
