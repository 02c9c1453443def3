using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>What the DELIVER in front of a message says about it, and its gap.</summary>
/// <param name="Sender">Who published it.</param>
/// <param name="Flags">Further properties of the message.</param>
/// <param name="MissedBefore">How many messages of the subscription were dropped right before it.</param>
internal readonly record struct MessageOrigin(Guid Sender, DeliverFlags Flags, ulong MissedBefore)
{
    public bool IsRetained => (Flags & DeliverFlags.Retained) != 0;
}
