namespace UdsBroker.Broker.Load;

/// <summary>The names of a <see cref="DropReason"/> in statistics and metrics.</summary>
internal static class DropReasons
{
    private static readonly string[] Texts = [.. Enum.GetNames<DropReason>().Select(Words.Of)];

    /// <summary>Every reason.</summary>
    internal static IReadOnlyList<DropReason> All { get; } = Enum.GetValues<DropReason>();

    internal static string ToText(this DropReason reason) => Texts[(int)reason];
}
