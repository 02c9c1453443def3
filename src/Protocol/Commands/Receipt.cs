namespace UdsBroker.Protocol;

/// <summary>
/// What became of the messages of one connection since its last fence, as told by PONG. PROTOCOL.md, "Fences and receipts".
/// </summary>
/// <param name="Published">PUBLISH frames of this connection that were routed, also those that matched nobody.</param>
/// <param name="Matched">Deliveries made of them: one for each pair of message and subscription (or inbox).</param>
/// <param name="Dropped">
/// Deliveries of this connection that were dropped since the last fence, also those that an earlier receipt counted as matched. Each is
/// also reported to its subscriber by MISSED.
/// </param>
/// <param name="Expired">How many of the dropped ones because the message had expired; 0 from a broker that does not know expiry.</param>
public readonly record struct Receipt(ulong Published, ulong Matched, ulong Dropped, ulong Expired = 0)
{
    /// <summary>The sum of two receipts, for a publisher that counts over several fences.</summary>
    public static Receipt operator +(Receipt left, Receipt right) => Add(left, right);

    /// <summary>The sum of two receipts.</summary>
    public static Receipt Add(Receipt left, Receipt right) =>
        new(left.Published + right.Published, left.Matched + right.Matched, left.Dropped + right.Dropped, left.Expired + right.Expired);
}
