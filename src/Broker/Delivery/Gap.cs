namespace UdsBroker.Broker.Delivery;

/// <summary>Messages of one subscription that were dropped at one place.</summary>
/// <param name="Count">How many.</param>
/// <param name="Expired">How many of them because they had expired.</param>
internal readonly record struct Gap(ulong Count, ulong Expired)
{
    internal bool IsEmpty => Count == 0;

    public static Gap operator +(Gap left, Gap right) => new(left.Count + right.Count, left.Expired + right.Expired);

    /// <summary>Messages that were dropped for another reason.</summary>
    internal static Gap Of(ulong count) => new(count, 0);
}
