namespace UdsBroker.Protocol;

/// <summary>
/// The socket that the broker and the clients of a user choose when none is configured. Both sides compute it here, so that they cannot
/// disagree.
/// </summary>
/// <remarks>
/// In this order: <c>$UDSBROKER_SOCKET</c>; <c>$XDG_RUNTIME_DIR/udsbroker/broker.sock</c>, the user's own directory on a desktop or under
/// systemd; <c>/run/udsbroker/broker.sock</c> for root; <c>udsbroker-&lt;user&gt;/broker.sock</c> in the temporary folder for everyone
/// else. A variable that is empty counts as not set, and so does a relative <c>XDG_RUNTIME_DIR</c>, as the XDG Base Directory
/// Specification demands. Nothing is looked up on the disk.
/// </remarks>
/// <param name="Path">The path, or <c>@name</c> if the user's variable says so.</param>
/// <param name="IsNamedByUser">
/// True when it comes from <c>$UDSBROKER_SOCKET</c>. Otherwise its directory is meant for the broker alone, which creates it with mode
/// 0700.
/// </param>
public sealed record DefaultSocket(string Path, bool IsNamedByUser)
{
    /// <summary>The variable that names the socket outright.</summary>
    public const string Variable = "UDSBROKER_SOCKET";

    /// <summary>The default socket of this process: its environment, its user, its temporary folder.</summary>
    public static DefaultSocket OfThisProcess() => Find(
        Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess, Environment.UserName, System.IO.Path.GetTempPath());

    /// <summary>The rule itself, as a pure function.</summary>
    /// <param name="environment">Looks up an environment variable; null when it is not set.</param>
    /// <param name="isRoot">Whether the effective user is root.</param>
    /// <param name="user">The user's name.</param>
    /// <param name="temporaryFolder">The folder for temporary files.</param>
    public static DefaultSocket Find(Func<string, string?> environment, bool isRoot, string user, string temporaryFolder)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment(Variable) is { Length: > 0 } named)
            return new DefaultSocket(named, IsNamedByUser: true);
        if (environment("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && runtime[0] == '/')
            return new DefaultSocket(System.IO.Path.Combine(runtime, "udsbroker", "broker.sock"), IsNamedByUser: false);
        if (isRoot)
            return new DefaultSocket("/run/udsbroker/broker.sock", IsNamedByUser: false);
        return new DefaultSocket(System.IO.Path.Combine(temporaryFolder, $"udsbroker-{user}", "broker.sock"), IsNamedByUser: false);
    }
}
