namespace Akka.Streams.Implementation.Fusing;

/// <summary>
/// The state of one connection, as bits. Exactly one of the first four is set while the connection lives; they follow each other in a circle:
/// <code>
/// InReady --pull()--> Pulling --OnPull--> OutReady --push()--> Pushing --OnPush--> InReady
/// </code>
/// InReady means that the downstream may pull, Pulling that a pull is on its way, OutReady that the upstream may push, Pushing that an element
/// is on its way. The other bits come on top: who has closed its end, and how.
/// </summary>
internal static class PortState
{
    public const int InReady = 1;
    public const int Pulling = 2;
    public const int OutReady = 4;
    public const int Pushing = 8;

    /// <summary>The downstream has cancelled, or has been told that the upstream is closed.</summary>
    public const int InClosed = 16;

    /// <summary>The upstream has completed or failed, or has been told that the downstream is closed.</summary>
    public const int OutClosed = 32;

    /// <summary>The upstream has failed; the slot holds a <see cref="FailedSlot"/>.</summary>
    public const int Failed = 64;

    /// <summary>The downstream has cancelled; the slot holds the cause.</summary>
    public const int Cancelled = 128;

    /// <summary>Flips InReady into Pulling.</summary>
    public const int StartPull = InReady | Pulling;

    /// <summary>Flips Pulling into OutReady.</summary>
    public const int EndPull = Pulling | OutReady;

    /// <summary>Flips OutReady into Pushing.</summary>
    public const int StartPush = OutReady | Pushing;

    /// <summary>Flips Pushing into InReady.</summary>
    public const int EndPush = Pushing | InReady;
}
