namespace Akka.Dispatch.SysMsg;

/// <summary>Lets user messages be processed again; carries the failure that is thereby forgiven.</summary>
public sealed class Resume : SystemMessage
{
    public Resume(Exception causedByFailure) => CausedByFailure = causedByFailure;

    public Exception CausedByFailure { get; set; }
}
