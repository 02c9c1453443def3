using UdsBroker.Protocol;

namespace UdsBroker.Broker.Load;

/// <summary>The names of each <see cref="Limit"/> in statistics and metrics: the key of its setting below <c>udsbroker</c>.</summary>
internal static class LimitKeys
{
    private static readonly string[] Keys = [.. Enum.GetNames<Limit>().Select(ToKey)];

    /// <summary>Every limit.</summary>
    internal static IReadOnlyList<Limit> All { get; } = Enum.GetValues<Limit>();

    internal static string ToKey(this Limit limit) => Keys[(int)limit];

    /// <summary>The limit that a frame exceeds; null when it is wrong in another way.</summary>
    internal static Limit? Find(in FrameHead frame) => frame.Violation switch
    {
        Violation.TooDeep => Limit.LimitsMaxDepth,
        Violation.SubjectTooBig => Limit.LimitsMaxSubject,
        Violation.PayloadTooBig => Limit.LimitsMaxPayload,
        Violation.HeadersTooBig => Limit.LimitsMaxHeaderSize,
        Violation.TooManyHeaders => Limit.LimitsMaxHeaders,
        Violation.ControlFrameTooBig when frame.Kind == FrameKind.Hello => Limit.LimitsMaxHello,
        Violation.ControlFrameTooBig => Limit.LimitsMaxControlFrame,
        Violation.TooManyElements => Limit.LimitsMaxElements,
        _ => null,
    };

    private static string ToKey(string name)
    {
        var words = Words.Of(name);
        var section = words.IndexOf('-', StringComparison.Ordinal);
        return $"{words[..section]}.{words[(section + 1)..]}";
    }
}
