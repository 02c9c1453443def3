namespace Akka;

/// <summary>The value of a completed operation that has no other result, so that it can be a type argument.</summary>
public sealed class Done
{
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
