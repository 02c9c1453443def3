namespace UdsBroker.Protocol;

/// <summary>
/// The versions of the wire that this build speaks. HELLO names the newest version of the client, WELCOME names the version that both
/// sides use from then on: the smaller of the two. A client older than <see cref="Oldest"/> gets GOODBYE with
/// <see cref="CloseReason.UnsupportedVersion"/>. Within a version the wire grows only by options, headers and trailing elements.
/// PROTOCOL.md, "Versions and growth".
/// </summary>
public static class WireVersion
{
    /// <summary>The newest version this build speaks.</summary>
    public const uint Current = 1;

    /// <summary>The oldest version this build still speaks.</summary>
    public const uint Oldest = 1;

    /// <summary>
    /// The version that this build speaks with a peer whose newest is <paramref name="newest"/>; null when there is none that both speak.
    /// </summary>
    public static uint? Negotiate(uint newest) => newest < Oldest ? null : Math.Min(newest, Current);

    /// <summary>Whether this build speaks that version.</summary>
    public static bool IsSupported(uint version) => version is >= Oldest and <= Current;
}
