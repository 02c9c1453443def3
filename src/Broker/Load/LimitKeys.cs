using UdsBroker.Protocol;

namespace UdsBroker.Broker.Load;

/// <summary>Each <see cref="Limit"/> by the key of its setting below <c>udsbroker</c>, as statistics and metrics name it.</summary>
internal static class LimitKeys
{
    private static readonly string[] Keys = [.. Enum.GetNames<Limit>().Select(ToKey)];

    /// <summary>Every limit.</summary>
    internal static IReadOnlyList<Limit> All { get; } = Enum.GetValues<Limit>();

    internal static string ToKey(this Limit limit) => Keys[(int)limit];

    /// <summary>The limit that a frame is beyond; null for one that is wrong in another way.</summary>
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
