namespace UdsBroker.Broker.Hosting;

/// <summary>
/// The exit codes of the process. One that is ended by a second signal exits with 128 plus the signal's number, as shells report it.
/// </summary>
internal static class ExitCode
{
    /// <summary>It was asked to end, and ended in order.</summary>
    public const int Clean = 0;

    /// <summary>It could not start: the socket is somebody else's, the descriptor limit is too low.</summary>
    public const int CannotStart = 1;

    /// <summary>A setting or an argument is wrong.</summary>
    public const int WrongSettings = 2;

    /// <summary>It ran, and a fault ended it: its socket was taken away, or the root supervisor gave up.</summary>
    public const int Fault = 3;

    /// <summary>Ended at once by <paramref name="signal"/>, a number of signal(7).</summary>
    public static int OfSignal(int signal) => 128 + signal;
}
