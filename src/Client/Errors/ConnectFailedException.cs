using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>Why a connection to the broker could not be made. The kernel's errors are told apart as far as .NET shows them.</summary>
public enum ConnectFailure : byte
{
    /// <summary>There is no file at the path (ENOENT; .NET shows "address not available").</summary>
    NotFound,

    /// <summary>There is a file, but nobody listens: a broker that was killed, or not a socket at all (ECONNREFUSED).</summary>
    Refused,

    /// <summary>This user may not write to the socket file or search its directory (EACCES).</summary>
    AccessDenied,

    /// <summary>The broker did not accept or did not answer within <see cref="UdsBrokerOptions.ConnectTimeout"/>.</summary>
    TimedOut,

    /// <summary>The path cannot name a socket: too long, empty, or of a form that is not known.</summary>
    BadPath,

    /// <summary>Somebody listens, but it is not the user that the broker must be: see <see cref="UdsBrokerOptions.ExpectedServerUid"/>.</summary>
    WrongServerUid,

    /// <summary>The socket was connected, and then the broker closed it or did not speak the protocol before its WELCOME.</summary>
    Handshake,

    /// <summary>Any other error of the socket; the inner exception has it.</summary>
    Other,
}

/// <summary>The connection to the broker could not be made: <see cref="Failure"/> for programs, the text says what to do.</summary>
public sealed class ConnectFailedException : UdsBrokerException
{
    internal ConnectFailedException(ConnectFailure failure, string path, string problem, Exception? inner = null, string? advice = null)
        : base(advice is null ? problem : $"{problem} {advice}", inner)
    {
        Failure = failure;
        Path = path;
        Problem = problem;
    }

    /// <summary>Why.</summary>
    public ConnectFailure Failure { get; }

    /// <summary>The socket that was tried.</summary>
    public string Path { get; }

    /// <summary>
    /// What is wrong, without the advice about <see cref="UdsBrokerOptions"/> that the message may end with: for programs whose users have other options.
    /// </summary>
    public string Problem { get; }

    /// <summary>
    /// Whether trying again later can help: not for a bad path, a wrong server, a missing right, or a broker that will not have this client.
    /// </summary>
    public bool IsTransient => Failure switch
    {
        ConnectFailure.BadPath or ConnectFailure.WrongServerUid or ConnectFailure.AccessDenied => false,
        ConnectFailure.Handshake => Reason is not (CloseReason.NotAllowed or CloseReason.UnsupportedVersion or CloseReason.Kicked or CloseReason.Violation),
        _ => true,
    };
}
