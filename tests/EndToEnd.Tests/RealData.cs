using System.Security.Cryptography;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>A file of at least the asked size, made of real files of this machine, that ends with a line feed.</summary>
internal static class RealData
{
    internal static async Task<string> CreateAsync(string folder, long atLeast)
    {
        var path = Path.Combine(folder, "real-data");
        await using var output = File.Create(path);
        var sources = Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!).Order(StringComparer.Ordinal).ToArray();
        while (output.Length < atLeast)
        {
            foreach (var source in sources)
            {
                await using var input = File.OpenRead(source);
                await input.CopyToAsync(output);
                if (output.Length >= atLeast) break;
            }
        }

        output.WriteByte((byte)'\n');
        return path;
    }

    internal static async Task<string> Sha256Async(string path)
    {
        await using var input = File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(input));
    }

    internal static async Task<long> CountLinesAsync(string path)
    {
        await using var input = File.OpenRead(path);
        var buffer = new byte[1 << 20];
        long lines = 0;
        while (await input.ReadAsync(buffer) is > 0 and var read) lines += buffer.AsSpan(0, read).Count((byte)'\n');
        return lines;
    }
}
