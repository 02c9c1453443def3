namespace UdsBroker.Broker.Access;

/// <summary>
/// Whether a condition holds for a peer, as far as the kernel says. An allow rule needs <see cref="Yes"/>; a deny rule matches unless the
/// answer is <see cref="No"/>. So nothing is allowed because the kernel cannot name it.
/// </summary>
internal enum Certainty : byte
{
    No,
    Unknown,
    Yes,
}
