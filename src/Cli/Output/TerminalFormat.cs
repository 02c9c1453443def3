using System.Buffers;
using System.Text;
using System.Text.Unicode;
using UdsBroker.Client;

namespace UdsBroker.Cli.Output;

/// <summary>
/// A line for people: the subject, headers if there are any, then the payload as text. Control characters are shown and not sent to the
/// terminal, since a message must not be able to control it; for a payload that is not text its size is shown.
/// </summary>
internal sealed class TerminalFormat : IMessageFormat
{
    public void Write(IBufferWriter<byte> output, in MessageView message)
    {
        var line = new StringBuilder();
        if (message.MissedBefore > 0) line.Append(null, $"({message.MissedBefore} messages missed)\n");
        line.Append(TerminalText.Escape(message.SubjectText)).Append(message.IsRetained ? "  (retained)  " : "  ");
        var headers = message.Headers;
        while (headers.MoveNext())
        {
            line.Append('[');
            AppendText(line, headers.Name);
            line.Append('=');
            AppendText(line, headers.Value);
            line.Append("]  ");
        }

        if (Utf8.IsValid(message.Payload)) AppendText(line, message.Payload);
        else line.Append(null, $"({message.Payload.Length} bytes)");
        line.Append('\n');
        output.Write(Encoding.UTF8.GetBytes(line.ToString()));
    }

    private static void AppendText(StringBuilder line, ReadOnlySpan<byte> utf8) => line.Append(TerminalText.Escape(Encoding.UTF8.GetString(utf8)));
}
