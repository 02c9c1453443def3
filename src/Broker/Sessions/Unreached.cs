using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>The ERROR frames for messages to which no answer will come, each worded in one place. PROTOCOL.md, "Requests".</summary>
internal static class Unreached
{
    /// <summary>Nobody subscribes to the subject of a message with a reply.</summary>
    internal static ReadOnlySpan<byte> NoResponders(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply) =>
        ErrorFrames.Encode(ErrorCode.NoResponders, "nobody subscribes to this subject, so no answer will come", subject, reply);

    /// <summary>Every connection that was given the request has ended without an answer.</summary>
    internal static ReadOnlySpan<byte> ResponderGone(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply) =>
        ErrorFrames.Encode(ErrorCode.ResponderGone, "every connection that was given this request ended without an answer", subject, reply);

    /// <summary>The subject is in the inbox of an identity that no connection has (any more); the reply may be empty.</summary>
    internal static ReadOnlySpan<byte> Gone(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply) =>
        ErrorFrames.Encode(ErrorCode.GoneIdentity, "no connection has the identity of this inbox", subject, reply);
}
