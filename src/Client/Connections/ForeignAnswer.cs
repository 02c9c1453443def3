using System.Buffers.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Describes a listener that answers HELLO with something other than a broker's frames. The raw protocols of a broker's listeners,
/// <c>echo</c> and <c>identity</c>, are recognized by what they send.
/// </summary>
internal static class ForeignAnswer
{
    private const int IdentityLength = 36;

    /// <summary>Describes the answer; null when it begins with a broker's frame, so that the protocol was broken in another way.</summary>
    /// <param name="answer">All that has come.</param>
    /// <param name="hello">What was sent.</param>
    /// <param name="problem">Why the answer could not be read.</param>
    public static string? Describe(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> hello, string problem)
    {
        if (answer.StartsWith(hello)) return "it sends back what it is sent, as a listener with protocol = echo does";
        if (answer.Length >= IdentityLength && Utf8Parser.TryParse(answer[..IdentityLength], out Guid _, out int used) && used == IdentityLength)
            return "it sends an identity as text, as a listener with protocol = identity does";
        bool isOfBroker = FrameScanner.Scan(answer, Limits.Default, out FrameHead head) == ScanResult.Done
            && head.Kind is FrameKind.Welcome or FrameKind.Error or FrameKind.Goodbye;
        return isOfBroker ? null : $"its first bytes are no frame of a broker: {problem}";
    }
}
