using System.Diagnostics;
using System.Globalization;

namespace UdsBroker.Bench.Cells;

/// <summary>A program that uses the .NET client, in a role: it says when it is ready, and in the end what it measured.</summary>
internal sealed class UserProcess : IDisposable
{
    private readonly Process _process;

    private UserProcess(Process process) => _process = process;

    /// <summary>Starts one and waits until it is ready.</summary>
    internal static UserProcess Start(string program, string role, string socket, int argument, TimeSpan time)
    {
        var start = new ProcessStartInfo(program, [role, socket, argument.ToString(CultureInfo.InvariantCulture), time.TotalSeconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var user = new UserProcess(Process.Start(start)!);
        if (user._process.StandardOutput.ReadLine() == "ready") return user;
        user.Dispose();
        throw new InvalidDataException($"{program} {role} did not become ready");
    }

    /// <summary>Waits for what it measured.</summary>
    internal double[] Figures()
    {
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidDataException("a user ended without a result");
        return [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000)) _process.Kill();
        _process.Dispose();
    }
}
