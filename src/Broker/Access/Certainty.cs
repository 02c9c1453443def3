namespace UdsBroker.Broker.Access;

/// <summary>
/// Whether something holds of a peer, as far as the kernel says. An allow rule needs <see cref="Yes"/>, a deny rule is only kept from matching
/// by <see cref="No"/>: what the kernel cannot name opens nothing.
/// </summary>
internal enum Certainty : byte
{
    No,
    Unknown,
    Yes,
}
