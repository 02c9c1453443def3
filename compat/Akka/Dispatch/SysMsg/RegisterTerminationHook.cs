namespace Akka.Dispatch.SysMsg;

/// <summary>Asks the system guardian to send <see cref="TerminationHook"/> before the system stops.</summary>
public sealed class RegisterTerminationHook
{
    private RegisterTerminationHook()
    {
    }

    public static RegisterTerminationHook Instance { get; } = new();
}
