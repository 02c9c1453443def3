using System.CommandLine;
using System.Text;

namespace UdsBroker.Cli.Options;

/// <summary><c>--queue NAME</c>: the queue group that a command joins. PROTOCOL.md, "SUBSCRIBE", says how long a name may be.</summary>
internal static class QueueOption
{
    private const int MaxBytes = 255;

    internal static Option<string?> Create(string description) => new("--queue", "-q")
    {
        Description = description,
        HelpName = "name",
        CustomParser = ValueParser.Of(text => Encoding.UTF8.GetByteCount(text) is >= 1 and <= MaxBytes ? text : null, $"a name of 1 to {MaxBytes} bytes"),
    };
}
